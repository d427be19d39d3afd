import type { MailStore } from '@paloma/mail-store/port';
import { messageKeys, numbersTold, type FoundMessages } from '../search/found-messages.js';
import { sentDates } from '../search/sent-dates.js';
import type { ThreadMessages } from './thread.js';

/** What threading looks at, of every message. */
export async function loadThreadMessages(messages: FoundMessages, store: MailStore, { isUid }: { isUid: boolean }): Promise<ThreadMessages> {
  const facts = await store.threadFacts(messageKeys(messages));
  return { ...facts, numbers: numbersTold(messages, isUid), sentAtMs: sentDates(facts.sentAtMs, messages) };
}
