import type { MailStore } from '@paloma/mail-store/port';
import { sentDates } from '../search/sent-dates.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { ThreadMessages } from './thread.js';

/** What threading looks at, of every message. */
export async function loadThreadMessages(messages: readonly NumberedEntry[], store: MailStore, { isUid }: { isUid: boolean }): Promise<ThreadMessages> {
  const facts = await store.threadFacts(Float64Array.from(messages, ({ entry }) => entry.messageKey));
  const numbers = Uint32Array.from(messages, ({ entry, sequenceNumber }) => (isUid ? entry.uid : sequenceNumber));
  return { ...facts, numbers, sentAtMs: sentDates(facts.sentAtMs, messages) };
}
