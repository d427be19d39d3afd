// One FETCH answer: `* 12 FETCH (UID 40 FLAGS (\Seen) BODY[] {310} …)`. Items are written as they are ready, so a large
// body never stands in memory as a whole.

import { imapBodyStructure, imapEnvelope } from '@paloma/mail-format';
import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import { ImapError } from '../imap-error.js';
import type { ResponseWriter } from '../session/response-writer.js';
import type { Session } from '../session/session.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import { formatBodyStructure } from '../wire/body-structure.js';
import { formatDateTime } from '../wire/date-time.js';
import { formatEnvelope } from '../wire/envelope.js';
import type { FetchItem } from '../wire/fetch-item.js';
import { formatFlags } from '../wire/flag.js';
import { formatString } from '../wire/string.js';
import { MessageOctets } from './message-octets.js';
import { binarySize, startBinary, startSection, type StartedSection } from './start-section.js';

/** RFC 8970 §3: at most 200 characters. */
const MAX_PREVIEW_CHARS = 200;

const ENTRY_ITEMS: ReadonlySet<FetchItem['name']> = new Set(['FLAGS', 'UID', 'INTERNALDATE', 'RFC822.SIZE', 'MODSEQ', 'SAVEDATE']);

/** Whether an item needs more than the snapshot has. */
export function needsRecord(item: FetchItem): boolean {
  return !ENTRY_ITEMS.has(item.name);
}

export interface MessageData {
  session: Session;
  store: MailStore;
  message: NumberedEntry;
  /** Null when no item needs it. */
  record: EmailRecord | null;
  items: readonly FetchItem[];
}

export async function writeMessageData(
  { session, store, message, record, items }: MessageData,
): Promise<void> {
  const { writer } = session;
  const octets = record && new MessageOctets(store, record);
  // What may fail is made ready before the answer begins: within it no NO can be said.
  const prepared: { item: FetchItem; text: string | null }[] = [];
  for (const item of items) prepared.push({ item, text: await itemText(item, message, record, octets) });
  const sections = await startSections(items, record, octets);
  await writer.write(`* ${session.fetchHead(message)} (`);
  for (const [index, { item, text }] of prepared.entries()) {
    await writer.write(`${index > 0 ? ' ' : ''}${'label' in item ? item.label : item.name} `);
    if (text !== null) await writer.write(text);
    else await writeSection(writer, sections.get(item) ?? null, { isBinary: item.name === 'BINARY' });
  }
  await writer.write(')\r\n');
}

/** The value of an item, or null for a section, which is streamed. */
async function itemText(item: FetchItem, { entry }: NumberedEntry, record: EmailRecord | null, octets: MessageOctets | null): Promise<string | null> {
  switch (item.name) {
    case 'SECTION': case 'BINARY': return null;
    // A part that is not there has no octets: the grammar knows no NIL here.
    case 'BINARY.SIZE': return String((await binarySize(item.section.path, record!, octets!)) ?? 0);
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

/** Sections the message does not have are left out. */
async function startSections(items: readonly FetchItem[], record: EmailRecord | null, octets: MessageOctets | null): Promise<Map<FetchItem, StartedSection>> {
  const started = new Map<FetchItem, StartedSection>();
  for (const item of items) {
    const section = record && octets && (await startItem(item, record, octets));
    if (section) started.set(item, section);
  }
  return started;
}

async function startItem(item: FetchItem, record: EmailRecord, octets: MessageOctets): Promise<StartedSection | null> {
  if (item.name === 'SECTION') return startSection(item, record, octets);
  return item.name === 'BINARY' ? startBinary(item, record, octets) : null;
}

/** A decoded part may hold any octet, so it goes as a literal8 (RFC 3516 §4.2). */
async function writeSection(writer: ResponseWriter, section: StartedSection | null, { isBinary }: { isBinary: boolean }): Promise<void> {
  if (!section) return writer.write('NIL');
  await writer.write(`${isBinary ? '~' : ''}{${section.sizeBytes}}\r\n`, section.first);
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
