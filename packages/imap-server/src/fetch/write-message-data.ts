// One FETCH answer: `* 12 FETCH (UID 40 FLAGS (\Seen) BODY[] {310} …)`. Items are written as they are ready, so a large
// body never stands in memory as a whole.

import { imapBodyStructure, imapEnvelope } from '@paloma/mail-format';
import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import { ImapError } from '../imap-error.js';
import type { ResponseWriter } from '../session/response-writer.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import { formatBodyStructure } from '../wire/body-structure.js';
import { formatDateTime } from '../wire/date-time.js';
import { formatEnvelope } from '../wire/envelope.js';
import type { FetchItem, SectionItem } from '../wire/fetch-item.js';
import { formatFlags } from '../wire/flag.js';
import { formatString } from '../wire/string.js';
import { locateSection, selectFields, type LocatedSection } from './locate-section.js';
import { MessageOctets } from './message-octets.js';

/** RFC 8970 §3: at most 200 characters. */
const MAX_PREVIEW_CHARS = 200;

const ENTRY_ITEMS: ReadonlySet<FetchItem['name']> = new Set(['FLAGS', 'UID', 'INTERNALDATE', 'RFC822.SIZE', 'MODSEQ', 'SAVEDATE']);

/** Whether an item needs more than the snapshot has. */
export function needsRecord(item: FetchItem): boolean {
  return !ENTRY_ITEMS.has(item.name);
}

/** `record` may be null when no item needs it. */
export async function writeMessageData(
  { writer, store, message, record, items }: { writer: ResponseWriter; store: MailStore; message: NumberedEntry; record: EmailRecord | null; items: readonly FetchItem[] },
): Promise<void> {
  const octets = record && new MessageOctets(store, record);
  // What may fail is made ready before the answer begins: within it no NO can be said.
  const prepared: { item: FetchItem; text: string | null }[] = [];
  for (const item of items) prepared.push({ item, text: await itemText(item, message, record, octets) });
  const sections = await startSections(items, record, octets);
  await writer.write(`* ${message.sequenceNumber} FETCH (`);
  for (const [index, { item, text }] of prepared.entries()) {
    await writer.write(`${index > 0 ? ' ' : ''}${item.name === 'SECTION' ? item.label : item.name} `);
    if (text !== null) await writer.write(text);
    else await writeSection(writer, sections.get(item) ?? null);
  }
  await writer.write(')\r\n');
}

/** The value of an item, or null for a section, which is streamed. */
async function itemText(item: FetchItem, { entry }: NumberedEntry, record: EmailRecord | null, octets: MessageOctets | null): Promise<string | null> {
  switch (item.name) {
    case 'SECTION': return null;
    case 'FLAGS': return formatFlags(entry);
    case 'UID': return String(entry.uid);
    case 'INTERNALDATE': return formatDateTime(entry.receivedAtMs);
    case 'RFC822.SIZE': return String(entry.sizeBytes);
    case 'MODSEQ': return `(${entry.modSeq})`;
    // RFC 8474 §5.1: of the content, so that a copy has the same; the store calls that the message.
    case 'EMAILID': return `(${record!.messageId})`;
    case 'SAVEDATE': return formatDateTime(entry.addedAtMs);
    case 'THREADID': return `(${record!.threadId})`;
    case 'PREVIEW': return formatString([...record!.preview].slice(0, MAX_PREVIEW_CHARS).join(''));
    case 'ENVELOPE': return formatEnvelope(imapEnvelope(record!.headerBlock));
    case 'BODY': return bodyStructureText(record!, octets!, false);
    case 'BODYSTRUCTURE': return bodyStructureText(record!, octets!, true);
  }
}

async function bodyStructureText({ rootPart }: EmailRecord, octets: MessageOctets, isExtensible: boolean): Promise<string> {
  const source = (await octets.partHeaders()) ?? (() => new Uint8Array());
  return formatBodyStructure(imapBodyStructure(rootPart, source), { isExtensible });
}

/** A section ready to be written: its length, its first piece, and the rest still to be loaded. */
interface StartedSection {
  sizeBytes: number;
  first: Uint8Array;
  rest: AsyncIterator<Uint8Array>;
}

/** Sections the message does not have are left out. */
async function startSections(items: readonly FetchItem[], record: EmailRecord | null, octets: MessageOctets | null): Promise<Map<FetchItem, StartedSection>> {
  const started = new Map<FetchItem, StartedSection>();
  for (const item of items) {
    const located = item.name === 'SECTION' && record ? locateSection(record, item.section) : null;
    const section = located && (await startSection(item as SectionItem, located, octets!));
    if (section) started.set(item, section);
  }
  return started;
}

async function startSection({ partial }: SectionItem, located: LocatedSection, octets: MessageOctets): Promise<StartedSection | null> {
  if (located.fields) {
    const header = await octets.load(located);
    if (!header) return null;
    const chosen = selectFields(header, located.fields);
    const cut = partial ? chosen.subarray(partial.offset, partial.offset + partial.length) : chosen;
    return { sizeBytes: cut.length, first: cut, rest: nothing() };
  }
  const offset = Math.min(partial?.offset ?? 0, located.length);
  const range = { offset: located.offset + offset, length: Math.min(partial?.length ?? located.length, located.length - offset) };
  const rest = octets.pieces(range);
  const { value, done } = await rest.next();
  if (done && range.length > 0) return null;
  return { sizeBytes: range.length, first: value ?? new Uint8Array(), rest };
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function writeSection(writer: ResponseWriter, section: StartedSection | null): Promise<void> {
  if (!section) return writer.write('NIL');
  await writer.write(`{${section.sizeBytes}}\r\n`, section.first);
  let written = section.first.length;
  try {
    for (let piece = await section.rest.next(); !piece.done; piece = await section.rest.next()) {
      written += piece.value.length;
      await writer.write(piece.value);
    }
  } catch (cause) {
    throw new ImapError('connectionLost', 'a message could not be read to its end', { cause });
  }
  // The length is promised: nothing but the end of the connection can say that it was not kept.
  if (written !== section.sizeBytes) throw new ImapError('connectionLost', 'a message ended early');
}
