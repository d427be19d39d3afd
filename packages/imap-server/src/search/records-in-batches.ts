import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import type { ProgressListener } from '../session/progress.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';

/** Records held at once. */
const BATCH_EMAILS = 200;

/** Messages with their records, in order; those that are gone meanwhile have none. */
export async function* recordsInBatches(messages: readonly NumberedEntry[], store: MailStore, onProgress?: ProgressListener): AsyncGenerator<[NumberedEntry, EmailRecord | undefined]> {
  for (let start = 0; start < messages.length; start += BATCH_EMAILS) {
    await onProgress?.(start, messages.length);
    const batch = messages.slice(start, start + BATCH_EMAILS);
    const records = new Map((await store.getEmails(batch.map(({ entry }) => entry.emailId))).map((record) => [record.emailId, record]));
    for (const message of batch) yield [message, records.get(message.entry.emailId)];
  }
}
