import type { EmailId } from '@paloma/shared-model';
import type { DescriptionParts, EmailRecord, ImapDescription, MailStore, MessageAtHand } from '@paloma/mail-store/port';
import type { NumberedEntry, SelectedMailbox } from '../session/selected-mailbox.js';
import type { Session } from '../session/session.js';
import type { FetchItem } from '../wire/fetch-item.js';
import { batchesOf, MAX_BATCH_BYTES, needsOf, type FetchNeeds } from './fetch-needs.js';
import { endOctets } from './end-octets.js';
import { gatherMessageData } from './gather-message-data.js';
import { writeMessageData } from './write-message-data.js';

const NONE: ReadonlySet<number> = new Set();

interface FetchSources { session: Session; store: MailStore; mailbox: SelectedMailbox }

/** What is loaded for a batch: by message key, by message key, by email id. */
interface Loaded {
  descriptions: ReadonlyMap<number, ImapDescription>;
  atHand: ReadonlyMap<number, MessageAtHand>;
  records: ReadonlyMap<EmailId, EmailRecord>;
}

/** Writes a FETCH answer for each message; false when some are gone. */
export async function fetchMessages(sources: FetchSources, messages: Iterable<NumberedEntry>, items: readonly FetchItem[]): Promise<boolean> {
  const needs = needsOf(items);
  const marksSeen = !sources.mailbox.isReadOnly && items.some((item) => (item.name === 'SECTION' || item.name === 'BINARY') && !item.isPeek);
  let areAllThere = true;
  for (const batch of batchesOf(messages, needs)) {
    const newlySeen = marksSeen ? await markSeen(sources, batch) : NONE;
    areAllThere = (await fetchBatch(sources, batch, needs, newlySeen)) && areAllThere;
  }
  return areAllThere;
}

async function fetchBatch(sources: FetchSources, batch: readonly NumberedEntry[], needs: FetchNeeds, newlySeen: ReadonlySet<number>): Promise<boolean> {
  const { session: { writer }, mailbox } = sources;
  const loaded = await load(sources, batch, needs);
  let areAllThere = true;
  for (const known of batch) {
    const message = mailbox.current(known);
    const items = newlySeen.has(known.entry.uid) ? withFlags(needs.items, sources) : needs.items;
    if (message && gatherReady(sources, message, items, needs, loaded)) continue;
    areAllThere = message !== null && (await writeFromRecord(sources, message, items, needs, loaded)) && areAllThere;
  }
  await writer.write();
  if (writer.hasSentAll) endOctets(loaded.atHand.values());
  if (needs.items.some(({ name }) => name === 'FLAGS')) mailbox.markAnnounced(batch.map(({ entry }) => entry.uid));
  mailbox.markAnnounced(newlySeen);
  return areAllThere;
}

async function load(sources: FetchSources, batch: readonly NumberedEntry[], needs: FetchNeeds): Promise<Loaded> {
  return {
    descriptions: needs.description ? await loadDescriptions(sources, batch, needs.description) : new Map(),
    atHand: needs.octets === 'none' ? new Map() : await loadAtHand(sources, batch, needs),
    records: needs.record ? await loadRecords(sources, batch) : new Map(),
  };
}

async function loadDescriptions({ store }: FetchSources, batch: readonly NumberedEntry[], parts: DescriptionParts): Promise<Map<number, ImapDescription>> {
  const descriptions = await store.describeMessages(batch.map(({ entry }) => entry.messageKey), parts);
  return new Map(descriptions.map((description) => [description.messageKey, description]));
}

function loadAtHand({ store }: FetchSources, batch: readonly NumberedEntry[], { octets }: FetchNeeds): Promise<ReadonlyMap<number, MessageAtHand>> {
  const withBody = octets === 'message';
  const wanted = withBody ? batch.filter(({ entry }) => entry.sizeBytes <= MAX_BATCH_BYTES) : batch;
  return store.getMessagesAtHand(wanted.map(({ entry }) => entry.messageKey), { withBody });
}

async function loadRecords({ store }: FetchSources, messages: readonly NumberedEntry[]): Promise<Map<EmailId, EmailRecord>> {
  const records = await store.getEmails(messages.map(({ entry }) => entry.emailId));
  return new Map(records.map((record) => [record.emailId, record]));
}

/** Answers out of what is loaded; false when that is not enough. */
function gatherReady({ session }: FetchSources, message: NumberedEntry, items: readonly FetchItem[], needs: FetchNeeds, { descriptions, atHand }: Loaded): boolean {
  const { messageKey } = message.entry;
  const [description, octets] = [descriptions.get(messageKey) ?? null, atHand.get(messageKey) ?? null];
  const isReady = !needs.record && (!needs.description || isComplete(description, needs.description)) && (needs.octets === 'none' || octets !== null);
  if (isReady) gatherMessageData({ session, message, items, description, octets });
  return isReady;
}

function isComplete(description: ImapDescription | null, parts: DescriptionParts): boolean {
  return description !== null && (!parts.bodyStructure || description.bodyStructure !== null) && (!parts.listFields || description.listFields !== null);
}

/** False when the message is gone. */
async function writeFromRecord(sources: FetchSources, message: NumberedEntry, items: readonly FetchItem[], needs: FetchNeeds, { descriptions, records }: Loaded): Promise<boolean> {
  const { messageKey, emailId } = message.entry;
  const record = (needs.record ? records : await loadRecords(sources, [message])).get(emailId);
  const description = descriptions.get(messageKey) ?? null;
  if (!record || (needs.description && !description)) return false;
  await writeMessageData({ session: sources.session, store: sources.store, message, record, description, items });
  return true;
}

/** Reading a body marks the message as seen; the answer then tells the flags. UIDs that were not seen before. */
async function markSeen({ store, mailbox }: FetchSources, batch: readonly NumberedEntry[]): Promise<ReadonlySet<number>> {
  const unseen = batch.filter(({ entry }) => !entry.keywords.includes('$seen'));
  if (unseen.length === 0) return NONE;
  await store.updateEmails(unseen.map(({ entry }) => ({ emailId: entry.emailId, emailKey: entry.emailKey, addKeywords: ['$seen'] })));
  mailbox.isStale = true;
  await mailbox.refresh();
  return new Set(unseen.map(({ entry }) => entry.uid));
}

function withFlags(items: readonly FetchItem[], { session }: FetchSources): FetchItem[] {
  const more: FetchItem[] = [{ name: 'FLAGS' }, ...(session.enabled.has('CONDSTORE') ? [{ name: 'MODSEQ' } as const] : [])];
  return [...items, ...more.filter(({ name }) => !items.some((item) => item.name === name))];
}
