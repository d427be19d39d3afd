import { setImmediate } from 'node:timers/promises';
import type { EmailEnvelope } from '@paloma/mail-store/port';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { SearchSources } from './search-mailbox.js';

/** Envelopes held at once. */
const BATCH_MESSAGES = 200;

/** What `read` makes of each message and its envelope, in order; messages that are gone meanwhile have none. */
export async function readEnvelopes<Reading>(
  messages: readonly NumberedEntry[], { store, mailbox, onProgress }: Pick<SearchSources, 'store' | 'mailbox' | 'onProgress'>,
  read: (message: NumberedEntry, envelope: EmailEnvelope | undefined) => Reading,
): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (let start = 0; start < messages.length; start += BATCH_MESSAGES) {
    await onProgress?.(start, messages.length);
    const batch = messages.slice(start, start + BATCH_MESSAGES);
    const envelopes = await store.getEnvelopes(mailbox.mailboxId, batch.map(({ entry }) => entry.uid));
    const byUid = new Map(envelopes.map((envelope) => [envelope.uid, envelope]));
    for (const message of batch) readings.push(read(message, byUid.get(message.entry.uid)));
    await setImmediate(); // other sessions have their turn
  }
  return readings;
}
