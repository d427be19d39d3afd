// One FETCH answer, `* 12 FETCH (UID 40 FLAGS (\Seen) BODY[1] {310} …)`, of which some needs the record of the message. Items are
// written as they are ready, so a large body never stands in memory as a whole.

import { formatImapBodyStructure, imapBodyStructure } from '@paloma/mail-format';
import type { EmailRecord, ImapDescription, MailStore } from '@paloma/mail-store/port';
import { ImapError } from '../imap-error.js';
import type { ResponseWriter } from '../session/response-writer.js';
import type { Session } from '../session/session.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { FetchItem } from '../wire/fetch-item.js';
import { formatString } from '../wire/string.js';
import { itemText, nameOf } from './item-text.js';
import { MessageOctets } from './message-octets.js';
import { binarySize, startBinary, startSection, type StartedSection } from './start-section.js';

/** RFC 8970 §3: at most 200 characters. */
const MAX_PREVIEW_CHARS = 200;

export interface MessageData {
  session: Session;
  store: MailStore;
  message: NumberedEntry;
  record: EmailRecord;
  /** Null when no item needs it. */
  description: ImapDescription | null;
  items: readonly FetchItem[];
}

export async function writeMessageData({ session, store, message, record, description, items }: MessageData): Promise<void> {
  const octets = new MessageOctets(store, record);
  // What may fail is made ready before the answer begins: within it no NO can be said.
  const prepared: { item: FetchItem; text: string | null }[] = [];
  for (const item of items) prepared.push({ item, text: itemText(item, message.entry, description) ?? (await contentText(item, record, octets)) });
  const sections = await startSections(items, record, octets);
  let text = `* ${session.fetchHead(message)} (`;
  for (const [index, { item, text: value }] of prepared.entries()) {
    text += `${index > 0 ? ' ' : ''}${nameOf(item)} ${value ?? ''}`;
    if (value !== null) continue;
    await session.writer.write(text);
    await writeSection(session.writer, sections.get(item) ?? null, { isBinary: item.name === 'BINARY' });
    text = '';
  }
  await session.writer.write(`${text})\r\n`);
}

/** The value of an item that the message has; null for a section, which is streamed. */
async function contentText(item: FetchItem, record: EmailRecord, octets: MessageOctets): Promise<string | null> {
  switch (item.name) {
    // A part that is not there has no octets: the grammar knows no NIL here.
    case 'BINARY.SIZE': return String((await binarySize(item.section.path, record, octets)) ?? 0);
    // RFC 8474 §5.1: of the content, so that a copy has the same; the store calls that the message.
    case 'EMAILID': return `(${record.messageId})`;
    case 'THREADID': return `(${record.threadId})`;
    case 'PREVIEW': return formatString([...record.preview].slice(0, MAX_PREVIEW_CHARS).join(''));
    case 'BODY': return bodyStructureText(record, octets, false);
    case 'BODYSTRUCTURE': return bodyStructureText(record, octets, true);
    default: return null;
  }
}

async function bodyStructureText({ rootPart }: EmailRecord, octets: MessageOctets, isExtensible: boolean): Promise<string> {
  const source = (await octets.partHeaders()) ?? (() => new Uint8Array());
  return formatImapBodyStructure(imapBodyStructure(rootPart, source), { isExtensible });
}

/** Sections the message does not have are left out. */
async function startSections(items: readonly FetchItem[], record: EmailRecord, octets: MessageOctets): Promise<Map<FetchItem, StartedSection>> {
  const started = new Map<FetchItem, StartedSection>();
  for (const item of items) {
    const section = await startItem(item, record, octets);
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
