// The octets of one message during one FETCH answer: the header block is at hand, the rest is loaded piece by piece.

import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import { walkParts } from '@paloma/mail-format';
import type { OctetRange } from './locate-section.js';

/** Loaded at once. A message of 50 MiB passes through memory in pieces of this size. */
export const PIECE_BYTES = 1024 * 1024;
/** Part headers nearer to each other than this are loaded together. */
const NEAR_BYTES = 32 * 1024;

export class MessageOctets {
  constructor(private readonly store: MailStore, private readonly record: EmailRecord) {}

  /** The range in pieces. Ends early when the message is destroyed meanwhile. */
  async *pieces({ offset, length }: OctetRange): AsyncGenerator<Uint8Array> {
    const end = offset + length;
    for (let at = offset; at < end; at += PIECE_BYTES) {
      const piece = await this.load({ offset: at, length: Math.min(PIECE_BYTES, end - at) });
      if (!piece) return;
      yield piece;
    }
  }

  /** Null when the message is destroyed. @throws {MailStoreError} "contentUnavailable" */
  async load({ offset, length }: OctetRange): Promise<Uint8Array | null> {
    const { emailId, headerBlock } = this.record;
    if (offset + length <= headerBlock.length) return headerBlock.subarray(offset, offset + length);
    return this.store.loadMessageBytes(emailId, { offset, length });
  }

  /** A reader of the headers of all parts, which BODYSTRUCTURE is made of; null when the message is destroyed. */
  async partHeaders(): Promise<((offset: number, length: number) => Uint8Array) | null> {
    const loaded: { offset: number; octets: Uint8Array }[] = [];
    for (const range of this.#partHeaderRanges()) {
      const octets = await this.load(range);
      if (!octets) return null;
      loaded.push({ offset: range.offset, octets });
    }
    return (offset, length) => {
      const piece = loaded.find((candidate) => candidate.offset <= offset && offset + length <= candidate.offset + candidate.octets.length);
      return piece ? piece.octets.subarray(offset - piece.offset, offset - piece.offset + length) : new Uint8Array();
    };
  }

  #partHeaderRanges(): OctetRange[] {
    const ranges: OctetRange[] = [];
    for (const { headerOffset, bodyOffset } of walkParts(this.record.rootPart)) {
      const previous = ranges.at(-1);
      const isRoot = previous?.offset === 0 && ranges.length === 1;
      const previousEnd = previous ? previous.offset + previous.length : 0;
      if (previous && !isRoot && headerOffset - previousEnd < NEAR_BYTES) previous.length = Math.max(previousEnd, bodyOffset) - previous.offset;
      else ranges.push({ offset: headerOffset, length: bodyOffset - headerOffset });
    }
    return ranges;
  }
}
