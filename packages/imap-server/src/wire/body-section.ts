// section = "[" [section-spec] "]";  section-spec = section-msgtext / (section-part ["." section-text])     RFC 3501 §9

import type { FieldSelection } from '@paloma/mail-format';
import type { CommandReader } from './command-reader.js';
import { formatAString } from './string.js';

export type SectionText =
  | { kind: 'HEADER' | 'TEXT' | 'MIME' }
  | FieldsText;
export interface FieldsText {
  kind: 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT';
  /** As they were asked for. */
  fieldNames: readonly string[];
  selection: FieldSelection;
}

export interface BodySection {
  /** Part numbers from the outside in; empty for the message itself. */
  path: readonly number[];
  /** Null: the whole part. */
  text: SectionText | null;
}

/** `<offset.length>`: octets of a section. */
export interface PartialRange { offset: number; length: number }

/** Levels of a part number. Deeper than any parser of messages goes. */
const MAX_PATH = 100;
const MAX_FIELD_NAMES = 200;
const PART_NUMBER = /[1-9]\d{0,8}/y;
const TEXT_KIND = /HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME/iy;

/** Reads from `[` to `]`. */
export function readBodySection(reader: CommandReader): BodySection {
  reader.char('[');
  const path: number[] = [];
  if (reader.tryChar(']')) return { path, text: null };
  while (reader.atDigit) {
    if (path.length === MAX_PATH) reader.fail('shorter part number');
    path.push(Number(reader.matchWord(PART_NUMBER, 'part number')));
    if (reader.tryChar(']')) return { path, text: null };
    reader.char('.');
  }
  const text = readSectionText(reader);
  if (text.kind === 'MIME' && path.length === 0) reader.fail('part number before MIME');
  reader.char(']');
  return { path, text };
}

/** section-binary = "[" [section-part] "]", RFC 3516 §7 */
export function readBinarySection(reader: CommandReader): BodySection {
  const section = readBodySection(reader);
  return section.text === null ? section : reader.fail('part number');
}

function readSectionText(reader: CommandReader): SectionText {
  const kind = reader.matchWord(TEXT_KIND, 'section text') as SectionText['kind'];
  if (kind !== 'HEADER.FIELDS' && kind !== 'HEADER.FIELDS.NOT') return { kind };
  reader.space();
  return fieldsText(kind, reader.list(() => reader.astring(), { maxItems: MAX_FIELD_NAMES }));
}

/** Names are compared without case (RFC 5322 §1.2.2). */
export function fieldsText(kind: FieldsText['kind'], fieldNames: readonly string[]): FieldsText {
  return { kind, fieldNames, selection: { names: new Set(fieldNames.map((name) => name.toLowerCase())), areExcluded: kind === 'HEADER.FIELDS.NOT' } };
}

/** Reads `<offset.length>` when it is there. */
export function readPartial(reader: CommandReader): PartialRange | null {
  if (!reader.tryChar('<')) return null;
  const offset = reader.number64();
  reader.char('.');
  const length = reader.number64();
  if (length === 0) reader.fail('non-zero length');
  reader.char('>');
  return { offset, length };
}

/** `[1.2.HEADER.FIELDS (SUBJECT)]`, as it stands in the FETCH answer. */
export function formatBodySection(section: BodySection): string {
  const words = [...section.path.map(String), ...(section.text ? [formatSectionText(section.text)] : [])];
  return `[${words.join('.')}]`;
}

function formatSectionText(text: SectionText): string {
  return 'fieldNames' in text ? `${text.kind} (${text.fieldNames.map(formatAString).join(' ')})` : text.kind;
}
