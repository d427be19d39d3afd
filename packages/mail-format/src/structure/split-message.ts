// Splits a message into what documents hold and what blobs hold, and joins it again. The law of this package:
// joinMessage(split.headerBlock, split.runs) is the message, octet for octet, for every input.
//
// A leaf body above the threshold becomes a blob of exactly its octets, so that one attachment sent five times is one
// blob. What lies between (part headers, boundaries, small bodies) stays inline as long as the inline octets fit one
// sealed document.

import type { MessagePart } from '@paloma/shared-model';
import { concatOctets } from '../octets/octets.js';
import { parseMessage } from './parse-message.js';
import { isLeaf, partEnd, walkParts } from './part-tree.js';

/** Inline octets of one message: they are filed as one document, which must stay under MAX_SEALED_DOCUMENT_BYTES. */
export const MAX_INLINE_BYTES = 512 * 1024;

export type MessageRun = { kind: 'inline'; octets: Uint8Array } | { kind: 'blob'; octets: Uint8Array };

export interface SplitMessage {
  /** Octets of the top header block with its empty line. */
  headerBlock: Uint8Array;
  rootPart: MessagePart;
  /** All octets after the header block, in order; no run is empty, no two inline runs are neighbours. Views, not copies. */
  runs: MessageRun[];
}

export function splitMessage(octets: Uint8Array, thresholdBytes: number): SplitMessage {
  const { headerEndOffset, rootPart } = parseMessage(octets);
  const runs = new RunList(octets);
  let at = headerEndOffset;
  for (const part of walkParts(rootPart)) {
    if (!isLeaf(part) || part.bodyBytes <= thresholdBytes) continue;
    runs.addBetween(at, part.bodyOffset);
    runs.addBlob(part.bodyOffset, partEnd(part));
    at = partEnd(part);
  }
  runs.addBetween(at, octets.length);
  return { headerBlock: octets.subarray(0, headerEndOffset), rootPart, runs: runs.runs };
}

export function joinMessage(headerBlock: Uint8Array, runs: readonly { octets: Uint8Array }[]): Uint8Array {
  return concatOctets([headerBlock, ...runs.map((run) => run.octets)]);
}

class RunList {
  readonly runs: MessageRun[] = [];
  #inlineBytes = 0;

  constructor(private readonly octets: Uint8Array) {}

  addBlob(start: number, end: number): void {
    this.runs.push({ kind: 'blob', octets: this.octets.subarray(start, end) });
  }

  /** Octets between large bodies; a blob too once the inline room is used up. */
  addBetween(start: number, end: number): void {
    const sizeBytes = end - start;
    if (sizeBytes === 0) return;
    const isRoomLeft = this.#inlineBytes + sizeBytes <= MAX_INLINE_BYTES;
    if (!isRoomLeft) return this.addBlob(start, end);
    this.#inlineBytes += sizeBytes;
    this.runs.push({ kind: 'inline', octets: this.octets.subarray(start, end) });
  }
}
