// fetch-att     RFC 3501 §9, with BINARY (RFC 3516), MODSEQ (RFC 7162), EMAILID and THREADID (RFC 8474), PREVIEW (RFC 8970), SAVEDATE (RFC 8514)

import { formatBodySection, readBinarySection, readBodySection, readPartial, type BodySection, type PartialRange } from './body-section.js';
import type { CommandReader } from './command-reader.js';

const SIMPLE_ITEMS = [
  'FLAGS', 'UID', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY', 'BODYSTRUCTURE', 'MODSEQ', 'EMAILID', 'THREADID', 'PREVIEW', 'SAVEDATE',
] as const;
type SimpleName = (typeof SIMPLE_ITEMS)[number];

/** Octets of a message, under the name by which they were asked. */
export interface SectionItem {
  name: 'SECTION';
  section: BodySection;
  partial: PartialRange | null;
  /** Reading it does not set `\Seen`. */
  isPeek: boolean;
  /** How the answer names it, e.g. `BODY[TEXT]<0>` or `RFC822`. */
  label: string;
}

/** A part with its transfer encoding undone; its section has no text. */
export interface BinaryItem extends Omit<SectionItem, 'name'> { name: 'BINARY' }
export interface BinarySizeItem { name: 'BINARY.SIZE'; section: BodySection; label: string }

export type FetchItem = { name: SimpleName } | SectionItem | BinaryItem | BinarySizeItem;

const ITEM_NAME = /[A-Za-z0-9.]+/y;
/** Items of one FETCH. */
const MAX_ITEMS = 100;

const MACROS: ReadonlyMap<string, readonly SimpleName[]> = new Map([
  ['FAST', ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE']],
  ['ALL', ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE']],
  ['FULL', ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY']],
] satisfies [string, readonly SimpleName[]][]);

/** RFC 3501 §6.4.5: names of earlier days for sections. */
const RFC822_ITEMS: ReadonlyMap<string, Omit<SectionItem, 'name' | 'label' | 'partial'>> = new Map([
  ['RFC822', { section: { path: [], text: null }, isPeek: false }],
  ['RFC822.HEADER', { section: { path: [], text: { kind: 'HEADER' as const } }, isPeek: true }],
  ['RFC822.TEXT', { section: { path: [], text: { kind: 'TEXT' as const } }, isPeek: false }],
]);

/** "ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")" */
export function readFetchItems(reader: CommandReader): FetchItem[] {
  if (reader.startsWith('(')) return reader.list(() => readFetchItem(reader), { maxItems: MAX_ITEMS });
  const name = reader.matchWord(ITEM_NAME, 'fetch item');
  const macro = MACROS.get(name);
  return macro ? macro.map((item) => ({ name: item })) : [readNamedItem(reader, name)];
}

/** Items between parentheses, of which the first has been read. */
export function readFetchItemList(reader: CommandReader): FetchItem[] {
  const items = reader.items(() => readFetchItem(reader), MAX_ITEMS);
  reader.char(')');
  return items;
}

/** The item, not setting `\\Seen`: nobody reads what is told unasked. */
export function peeking(item: FetchItem): FetchItem {
  return 'isPeek' in item ? { ...item, isPeek: true } : item;
}

function readFetchItem(reader: CommandReader): FetchItem {
  return readNamedItem(reader, reader.matchWord(ITEM_NAME, 'fetch item'));
}

function readNamedItem(reader: CommandReader, name: string): FetchItem {
  if ((name === 'BODY' && reader.startsWith('[')) || name === 'BODY.PEEK') return readSection(reader, name === 'BODY.PEEK');
  if (name === 'BINARY' || name === 'BINARY.PEEK') return readBinary(reader, name === 'BINARY.PEEK');
  if (name === 'BINARY.SIZE') return readBinarySize(reader);
  const rfc822 = RFC822_ITEMS.get(name);
  if (rfc822) return { name: 'SECTION', ...rfc822, partial: null, label: name };
  if (name === 'PREVIEW') readLazyModifier(reader);
  return { name: SIMPLE_ITEMS.find((item) => item === name) ?? reader.fail('fetch item') };
}

function readSection(reader: CommandReader, isPeek: boolean): SectionItem {
  const section = readBodySection(reader);
  const partial = readPartial(reader);
  const label = `BODY${formatBodySection(section)}${partial ? `<${partial.offset}>` : ''}`;
  return { name: 'SECTION', section, partial, isPeek, label };
}

function readBinary(reader: CommandReader, isPeek: boolean): BinaryItem {
  const section = readBinarySection(reader);
  const partial = readPartial(reader);
  const label = `BINARY${formatBodySection(section)}${partial ? `<${partial.offset}>` : ''}`;
  return { name: 'BINARY', section, partial, isPeek, label };
}

function readBinarySize(reader: CommandReader): BinarySizeItem {
  const section = readBinarySection(reader);
  return { name: 'BINARY.SIZE', section, label: `BINARY.SIZE${formatBodySection(section)}` };
}

/** PREVIEW (LAZY), RFC 8970 §3.1: ours is always at hand, so the modifier changes nothing. */
function readLazyModifier(reader: CommandReader): void {
  if (!reader.tryWord(' (')) return;
  if (reader.word() !== 'LAZY') reader.fail('LAZY');
  reader.char(')');
}

/** The item as a command spells it. */
export function formatFetchItem(item: FetchItem): string {
  if (!('label' in item)) return item.name;
  if (item.name === 'BINARY.SIZE' || item.label.startsWith('RFC822')) return item.label;
  const partial = item.partial ? `<${item.partial.offset}.${item.partial.length}>` : '';
  return `${item.name === 'BINARY' ? 'BINARY' : 'BODY'}${item.isPeek ? '.PEEK' : ''}${formatBodySection(item.section)}${partial}`;
}
