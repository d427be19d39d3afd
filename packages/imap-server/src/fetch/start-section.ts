// Sections made ready to be written. The length of a literal is told before its octets, so it is known here; the first piece
// is loaded too, because an error can still be told now and not within the answer.

import { concatOctets, selectFields } from '@paloma/mail-format';
import type { EmailRecord } from '@paloma/mail-store/port';
import { ImapError } from '../imap-error.js';
import type { PartialRange } from '../wire/body-section.js';
import type { BinaryItem, SectionItem } from '../wire/fetch-item.js';
import { findPart, locateSection, type LocatedSection, type OctetRange } from './locate-section.js';
import { PIECE_BYTES, type MessageOctets } from './message-octets.js';
import { decodePieces, isKnownEncoding, isUnencoded } from './transfer-decoding.js';

/** A section ready to be written: its length, its first piece, and the rest still to be loaded. */
export interface StartedSection {
  sizeBytes: number;
  first: Uint8Array;
  rest: AsyncIterator<Uint8Array>;
}

/** BODY[…]; null when the message has no such section, or is gone. */
export async function startSection({ section, partial }: SectionItem, record: EmailRecord, octets: MessageOctets): Promise<StartedSection | null> {
  const located = locateSection(record, section);
  if (!located) return null;
  return located.fields ? startFields(located, partial, octets) : startRange(located, partial, octets);
}

async function startFields(located: LocatedSection, partial: PartialRange | null, octets: MessageOctets): Promise<StartedSection | null> {
  const header = await octets.load(located);
  return header && startOctets(concatOctets(selectFields(header, located.fields!)), partial);
}

function startOctets(octets: Uint8Array, partial: PartialRange | null): StartedSection {
  const cut = partial ? octets.subarray(partial.offset, partial.offset + partial.length) : octets;
  return { sizeBytes: cut.length, first: cut, rest: nothing() };
}

async function startRange(located: OctetRange, partial: PartialRange | null, octets: MessageOctets): Promise<StartedSection | null> {
  const offset = Math.min(partial?.offset ?? 0, located.length);
  const range = { offset: located.offset + offset, length: Math.min(partial?.length ?? located.length, located.length - offset) };
  return startPieces(octets.pieces(range), range.length);
}

/** Null when not even the first of the promised octets are there. */
async function startPieces(pieces: AsyncIterator<Uint8Array>, sizeBytes: number): Promise<StartedSection | null> {
  const { value, done } = await pieces.next();
  return done && sizeBytes > 0 ? null : { sizeBytes, first: value ?? new Uint8Array(), rest: pieces };
}

/** BINARY[…], RFC 3516 §4.2: with the transfer encoding undone. @throws {ImapError} "unknownEncoding" */
export async function startBinary({ section, partial }: BinaryItem, record: EmailRecord, octets: MessageOctets): Promise<StartedSection | null> {
  const encoded = locateEncoded(section.path, record);
  if (!encoded) return null;
  if (isUnencoded(encoded.transferEncoding)) return startRange(encoded, partial, octets);
  const decoded = (): AsyncGenerator<Uint8Array> => decodePieces(octets.pieces(encoded), encoded.transferEncoding);
  if (encoded.length <= PIECE_BYTES) return startOctets(Buffer.concat(await Array.fromAsync(decoded())), partial);
  // A large one is decoded twice: once for its length, once to be sent.
  const totalBytes = await countOctets(decoded());
  const offset = Math.min(partial?.offset ?? 0, totalBytes);
  const length = Math.min(partial?.length ?? totalBytes, totalBytes - offset);
  return startPieces(cutOut(decoded(), offset, length), length);
}

/** BINARY.SIZE[…]; null when the message has no such part. @throws {ImapError} "unknownEncoding" */
export async function binarySize(path: readonly number[], record: EmailRecord, octets: MessageOctets): Promise<number | null> {
  const encoded = locateEncoded(path, record);
  if (!encoded) return null;
  return isUnencoded(encoded.transferEncoding) ? encoded.length : countOctets(decodePieces(octets.pieces(encoded), encoded.transferEncoding));
}

interface EncodedRange extends OctetRange { transferEncoding: string }

/** The message as a whole stands as it is. */
function locateEncoded(path: readonly number[], record: EmailRecord): EncodedRange | null {
  if (path.length === 0) return { offset: 0, length: record.sizeBytes, transferEncoding: 'binary' };
  const part = findPart(record.rootPart, path);
  if (!part) return null;
  const transferEncoding = part.children.length > 0 ? 'binary' : part.transferEncoding;
  if (!isKnownEncoding(transferEncoding)) throw new ImapError('unknownEncoding', 'a transfer encoding is not known here');
  return { offset: part.bodyOffset, length: part.bodyBytes, transferEncoding };
}

async function countOctets(pieces: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  for await (const piece of pieces) count += piece.length;
  return count;
}

async function* cutOut(pieces: AsyncIterable<Uint8Array>, offset: number, length: number): AsyncGenerator<Uint8Array> {
  let [toSkip, toGive] = [offset, length];
  for await (const piece of pieces) {
    const cut = piece.subarray(toSkip, toSkip + toGive);
    toSkip = Math.max(0, toSkip - piece.length);
    toGive -= cut.length;
    if (cut.length > 0) yield cut;
    if (toGive === 0) return;
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}
