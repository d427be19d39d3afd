import type { ImapEnvelope } from '@paloma/mail-format';
import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import type { NumberedEntry, SelectedMailbox } from '../session/selected-mailbox.js';
import type { Session } from '../session/session.js';
import type { FetchItem } from '../wire/fetch-item.js';
import { needsRecord, writeMessageData } from './write-message-data.js';

/** Messages whose records are held at once. */
const BATCH_MESSAGES = 50;

interface FetchSources { session: Session; store: MailStore; mailbox: SelectedMailbox }

/** Writes a FETCH answer for each message; false when some are gone. */
export async function fetchMessages(sources: FetchSources, messages: readonly NumberedEntry[], items: readonly FetchItem[]): Promise<boolean> {
  let isComplete = true;
  for (let start = 0; start < messages.length; start += BATCH_MESSAGES) {
    const batch = messages.slice(start, start + BATCH_MESSAGES);
    const newlySeen = await markSeen(sources, batch, items);
    isComplete = (await fetchBatch(sources, batch, items, newlySeen)) && isComplete;
  }
  return isComplete;
}

async function fetchBatch(sources: FetchSources, batch: readonly NumberedEntry[], items: readonly FetchItem[], newlySeen: ReadonlySet<number>): Promise<boolean> {
  const { session, store, mailbox } = sources;
  const records = items.some(needsRecord) ? await loadRecords(sources, batch) : null;
  const envelopes = items.some(({ name }) => name === 'ENVELOPE') ? await loadEnvelopes(sources, batch) : null;
  let isComplete = true;
  for (const { entry: { uid, emailId } } of batch) {
    const message = mailbox.find(uid);
    const [record, envelope] = [records?.get(emailId) ?? null, envelopes?.get(uid) ?? null];
    if (!message || (records && !record) || (envelopes && !envelope)) isComplete = false;
    else await writeMessageData({ session, store, message, record, envelope, items: newlySeen.has(uid) ? withFlags(items, sources) : items });
  }
  if (items.some(({ name }) => name === 'FLAGS')) mailbox.markAnnounced(batch.map(({ entry }) => entry.uid));
  mailbox.markAnnounced(newlySeen);
  return isComplete;
}

async function loadRecords({ store }: FetchSources, batch: readonly NumberedEntry[]): Promise<Map<string, EmailRecord>> {
  const records = await store.getEmails(batch.map(({ entry }) => entry.emailId));
  return new Map(records.map((record) => [record.emailId, record]));
}

async function loadEnvelopes({ store, mailbox }: FetchSources, batch: readonly NumberedEntry[]): Promise<Map<number, ImapEnvelope>> {
  const envelopes = await store.getEnvelopes(mailbox.mailboxId, batch.map(({ entry }) => entry.uid));
  return new Map(envelopes.map(({ uid, envelope }) => [uid, envelope]));
}

/** Reading a body marks the message as seen; the answer then tells the flags. UIDs that were not seen before. */
async function markSeen({ store, mailbox }: FetchSources, batch: readonly NumberedEntry[], items: readonly FetchItem[]): Promise<ReadonlySet<number>> {
  const reads = items.some((item) => (item.name === 'SECTION' || item.name === 'BINARY') && !item.isPeek);
  if (!reads || mailbox.isReadOnly) return new Set();
  const unseen = batch.filter(({ entry }) => !entry.keywords.includes('$seen'));
  if (unseen.length === 0) return new Set();
  await store.updateEmails(unseen.map(({ entry }) => ({ emailId: entry.emailId, addKeywords: ['$seen'] })));
  mailbox.isStale = true;
  await mailbox.refresh();
  return new Set(unseen.map(({ entry }) => entry.uid));
}

function withFlags(items: readonly FetchItem[], { session }: FetchSources): FetchItem[] {
  const more: FetchItem[] = [{ name: 'FLAGS' }, ...(session.enabled.has('CONDSTORE') ? [{ name: 'MODSEQ' } as const] : [])];
  return [...items, ...more.filter(({ name }) => !items.some((item) => item.name === name))];
}
