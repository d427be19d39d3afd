// sequence-set = (seq-number / seq-range) *("," sequence-set)  /  "$"     RFC 3501 §9, RFC 5182 §2.1

import { ImapError } from '../imap-error.js';

/** A message sequence number or UID; `*` is the largest in use. */
export type SequenceNumber = number | '*';
export interface SequenceRange { first: SequenceNumber; last: SequenceNumber }
/** `$` is the saved result of the last SEARCH RETURN (SAVE). */
export type SequenceSet = readonly SequenceRange[] | '$';

/** Inclusive, `low <= high`. */
export interface NumberRange { low: number; high: number }

const MAX_UINT32 = 4_294_967_295;
// seq-number = nz-number / "*";  seq-range = seq-number ":" seq-number
const RANGE = /^(\*|[1-9]\d{0,9})(?::(\*|[1-9]\d{0,9}))?$/;

/** @throws {ImapError} "syntax" */
export function parseSequenceSet(text: string): SequenceSet {
  return text === '$' ? '$' : text.split(',').map(parseRange);
}

function parseRange(text: string): SequenceRange {
  const match = RANGE.exec(text);
  if (!match) throw new ImapError('syntax', 'sequence set expected');
  const first = parseNumber(match[1]!);
  return { first, last: match[2] === undefined ? first : parseNumber(match[2]) };
}

function parseNumber(text: string): SequenceNumber {
  if (text === '*') return '*';
  const value = Number(text);
  if (value > MAX_UINT32) throw new ImapError('syntax', 'number over 32 bits');
  return value;
}

export function formatSequenceSet(set: SequenceSet): string {
  if (set === '$') return '$';
  return set.map(({ first, last }) => (first === last ? `${first}` : `${first}:${last}`)).join(',');
}

/**
 * The numbers a set stands for when `largest` is the largest in use, as ascending ranges that neither touch nor overlap.
 * With `largest` 0 (an empty mailbox) `*` stands for nothing.
 */
export function resolveSequenceSet(set: readonly SequenceRange[], largest: number): NumberRange[] {
  const ranges = set
    .filter(({ first, last }) => largest > 0 || (first !== '*' && last !== '*'))
    .map(({ first, last }) => [first === '*' ? largest : first, last === '*' ? largest : last] as const)
    .map(([a, b]) => ({ low: Math.min(a, b), high: Math.max(a, b) }))
    .sort((a, b) => a.low - b.low);
  return joinRanges(ranges);
}

function joinRanges(ascending: readonly NumberRange[]): NumberRange[] {
  const joined: NumberRange[] = [];
  for (const range of ascending) {
    const previous = joined.at(-1);
    if (previous && range.low <= previous.high + 1) previous.high = Math.max(previous.high, range.high);
    else joined.push({ ...range });
  }
  return joined;
}

/** Ascending numbers without repetition, written as short as possible: `1:3,7`. Empty for no numbers. */
export function formatNumbers(ascending: readonly number[]): string {
  const ranges = joinRanges(ascending.map((number) => ({ low: number, high: number })));
  return formatSequenceSet(ranges.map(({ low, high }) => ({ first: low, last: high })));
}

/** Numbers in any order, without repetition, written as short as that order allows: `7,1:3`. Empty for no numbers. */
export function formatNumbersInOrder(numbers: readonly number[]): string {
  const ranges: NumberRange[] = [];
  for (const number of numbers) {
    const previous = ranges.at(-1);
    if (previous && number === previous.high + 1) previous.high = number;
    else ranges.push({ low: number, high: number });
  }
  return ranges.length === 0 ? '' : formatSequenceSet(ranges.map(({ low, high }) => ({ first: low, last: high })));
}

/** `value` lies in one of the ranges, which are ascending and apart. */
export function rangesContain(ranges: readonly NumberRange[], value: number): boolean {
  let [low, high] = [0, ranges.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = ranges[middle]!;
    if (value < range.low) high = middle - 1;
    else if (value > range.high) low = middle + 1;
    else return true;
  }
  return false;
}
