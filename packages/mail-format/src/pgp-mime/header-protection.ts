// Header protection, RFC 9788: the header fields travel inside the signed or encrypted part, and the outer ones say no
// more than transport needs. Policy: hcp_baseline (RFC 9788 §3.2.1).

import { findField, isNamed, parseHeaderBlock, type HeaderField } from '../header/header-field.js';
import { formatRawParameter } from '../header/format-parameter.js';
import { parseParameterizedValue } from '../header/parameterized-value.js';
import { canonicalizeLineEnds, concatOctets, encodeUtf8, LF } from '../octets/octets.js';
import { parseMessage } from '../structure/parse-message.js';

export interface ProtectedHeaders {
  /** Fields for the outside, with line ends, without MIME-Version and Content-*. */
  outerHeaders: Uint8Array;
  /** The part to sign or encrypt: all fields, `hp` parameter, body. */
  innerEntity: Uint8Array;
}

/** RFC 9788 §3.2.1. */
const OBSCURED_SUBJECT = encodeUtf8('Subject: [...]\r\n');
const REMOVED_WHEN_ENCRYPTED = ['Keywords', 'Comments'];
/** Fields that a reader takes for the sender's words; from an outer header they count only where nothing is protected. */
const USER_FACING = ['From', 'Sender', 'Reply-To', 'To', 'Cc', 'Bcc', 'Subject', 'Date', 'Message-ID', 'In-Reply-To', 'References', 'Keywords', 'Comments', 'Followup-To'];

/** Splits a message into outer fields and the entity that cryptography goes over. Bcc is in neither; line ends become CRLF. */
export function protectHeaders(message: Uint8Array, { encrypt }: { encrypt: boolean }): ProtectedHeaders {
  const canonical = canonicalizeLineEnds(message);
  const { headers, headerEndOffset } = parseMessage(canonical);
  const raw = fieldOctets(canonical);
  const protectedFields = headers.filter((field) => !isStructural(field) && !isOneOf(field, ['Bcc', 'Resent-Bcc', 'HP-Outer']));
  const outer = protectedFields.flatMap((field) => (encrypt ? obscure(field, raw(field)) : [raw(field)]));
  const hpOuter = encrypt ? outer.map((field) => concatOctets([encodeUtf8('HP-Outer: '), field])) : [];
  const structural = headers.filter((field) => isStructural(field) && !isNamed(field, 'Content-Type'));
  const inner = [...protectedFields.map(raw), ...hpOuter, ...structural.map(raw), markedContentType(headers, encrypt ? 'cipher' : 'clear')];
  return {
    outerHeaders: concatOctets(outer),
    innerEntity: concatOctets([...inner, encodeUtf8('\r\n'), canonical.subarray(headerEndOffset)]),
  };
}

/**
 * The message a reader sees after decryption: protected fields from inside, transport fields (Received, List-*, …) from
 * outside. With protected headers an outer user-facing field is never believed (RFC 9788 §4.2); without them the outer
 * fields are all there is. Both arguments and the result end their header block with an empty line.
 */
export function applyProtectedHeaders(outerHeaderBlock: Uint8Array, innerEntity: Uint8Array): Uint8Array {
  const outer = parseHeaderBlock(outerHeaderBlock);
  const { headers: inner, headerEndOffset } = parseMessage(innerEntity);
  const protection = protectionOf(inner);
  const isShown = (field: HeaderField): boolean => isStructural(field) || (protection !== 'none' && !isNamed(field, 'HP-Outer'));
  const shown = inner.filter(isShown);
  const shownNames = new Set(shown.map((field) => field.name.toLowerCase()));
  const isKept = (field: HeaderField): boolean => !isStructural(field)
    && !(protection === 'full' && isOneOf(field, USER_FACING)) && !shownNames.has(field.name.toLowerCase());
  const fields = [...outer.filter(isKept).map(fieldOctets(outerHeaderBlock)), ...shown.map(fieldOctets(innerEntity))];
  return concatOctets([...fields, encodeUtf8('\r\n'), innerEntity.subarray(headerEndOffset)]);
}

/** `full`: RFC 9788. `overlay`: the older `protected-headers` parameter, where inner fields only replace outer ones. */
function protectionOf(innerFields: readonly HeaderField[]): 'full' | 'overlay' | 'none' {
  const parameters = parseParameterizedValue(findField(innerFields, 'Content-Type')?.text ?? '').parameters;
  if (parameters['hp'] === 'cipher' || parameters['hp'] === 'clear') return 'full';
  return parameters['protected-headers'] === undefined ? 'none' : 'overlay';
}

/** Cuts a field out of its block; the last one of a truncated block gets the line end it lacks. */
function fieldOctets(block: Uint8Array): (field: HeaderField) => Uint8Array {
  return (field) => {
    const octets = block.subarray(field.offset, field.offset + field.sizeBytes);
    return octets.at(-1) === LF ? octets : concatOctets([octets, encodeUtf8('\r\n')]);
  };
}

function obscure(field: HeaderField, raw: Uint8Array): Uint8Array[] {
  if (isNamed(field, 'Subject')) return [OBSCURED_SUBJECT];
  return isOneOf(field, REMOVED_WHEN_ENCRYPTED) ? [] : [raw];
}

function markedContentType(headers: readonly HeaderField[], hp: 'cipher' | 'clear'): Uint8Array {
  const { value, rawParameters } = parseParameterizedValue(findField(headers, 'Content-Type')?.text ?? 'text/plain; charset=us-ascii');
  const kept = rawParameters.filter(([name]) => name !== 'hp' && name !== 'protected-headers');
  return encodeUtf8(`Content-Type: ${value}${kept.map(formatRawParameter).join('')};\r\n hp="${hp}"\r\n`);
}

/** RFC 9788 §1.1: fields about the MIME structure, which belong to the part they stand on. */
function isStructural(field: HeaderField): boolean {
  return isNamed(field, 'MIME-Version') || /^content-/i.test(field.name);
}

function isOneOf(field: HeaderField, names: readonly string[]): boolean {
  return names.some((name) => isNamed(field, name));
}
