// partial-range = partial-range-first / partial-range-last     RFC 9394 §4; what of a list of results is wanted

import type { CommandReader } from './command-reader.js';

/** Places in a list from 1, inclusive, `first <= last`. */
export interface ResultRange {
  first: number;
  last: number;
  /** Counted from the last result. */
  isFromEnd: boolean;
}

const RANGE = /[1-9]\d{0,9}:[1-9]\d{0,9}|-[1-9]\d{0,9}:-[1-9]\d{0,9}/y;

export function readResultRange(reader: CommandReader): ResultRange {
  const text = reader.matchText(RANGE, 'range of results');
  const [left, right] = text.split(':').map((number) => Math.abs(Number(number))) as [number, number];
  return { first: Math.min(left, right), last: Math.max(left, right), isFromEnd: text.startsWith('-') };
}

export function formatResultRange({ first, last, isFromEnd }: ResultRange): string {
  return isFromEnd ? `-${first}:-${last}` : `${first}:${last}`;
}

/** Those of the results that lie in the range, in their order. */
export function cutResults<T>(results: readonly T[], { first, last, isFromEnd }: ResultRange): T[] {
  const { length } = results;
  return isFromEnd ? results.slice(Math.max(0, length - last), Math.max(0, length - first + 1)) : results.slice(first - 1, last);
}
