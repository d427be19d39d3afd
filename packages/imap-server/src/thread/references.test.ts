import { describe, expect, test } from '@jest/globals';
import { fc, property, processorMs } from '@paloma/test-kit';
import { plainOrderedSubject, plainReferences, type PlainMessage } from '../test/plain-threads.js';
import { threadMessagesOf } from '../test/thread-messages.js';
import { formatThreads } from '../wire/thread-list.js';
import { threadByOrderedSubject } from './ordered-subject.js';
import { threadByReferences } from './references.js';

const references = (messages: readonly PlainMessage[]): string => Buffer.from(formatThreads(threadByReferences(threadMessagesOf(messages)))).toString();
const orderedSubject = (messages: readonly PlainMessage[]): string => Buffer.from(formatThreads(threadByOrderedSubject(threadMessagesOf(messages)))).toString();

/** `a<x,y Subject`: id a, names x and y before it; `-`: no id. Numbered and dated in order. */
function messagesOf(lines: readonly string[]): PlainMessage[] {
  return lines.map((line, index) => {
    const [, id, references, reply, subject] = /^([\w-]+)(?:<([\w,]+))? (Re )?(.*)$/.exec(line)!;
    return {
      number: index + 1, sentAtMs: index, messageId: id === '-' ? null : id!, references: references?.split(',') ?? [],
      baseSubject: subject!, isReply: reply !== undefined,
    };
  });
}

describe('REFERENCES, RFC 5256 §3', () => {
  test.each<[name: string, lines: string[], threads: string]>([
    ['no message', [], ''],
    ['replies under what they answer', ['a A', 'b<a B', 'c<a,b C', 'd<a D', 'e E'], '(1 (2 3)(4))(5)'],
    ['a late parent', ['b<a B', 'a A'], '(2 1)'],
    ['siblings by date, not by place', ['a<x A', 'x X', 'b<x B'], '(2 (1)(3))'],
    ['a missing parent holds several together', ['b<a B', 'c<a C'], '((1)(2))'],
    ['a missing parent of one is left out', ['b<a B', 'c<b C'], '(1 2)'],
    ['missing messages between are left out', ['a A', 'd<a,b,c D', 'e<a,b E'], '(1 (2)(3))'],
    ['missing parents of a missing parent', ['d<x,a D', 'e<x,b E'], '((1)(2))'],
    ['an id twice', ['a A', 'a A2', 'b<a B'], '(1 3)(2)'],
    ['no id', ['- A', '-<a B', 'a C'], '(1)(3 2)'],
    ['two that answer each other', ['a<b A', 'b<a B'], '(2 1)'],
    ['one that answers itself', ['a<a A'], '(1)'],
    ['a list that names its own message', ['a<b,a,c A', 'b B', 'c C'], '(2)(3 1)'],
    ['its own word before that of others', ['c<a,b C', 'b<d B', 'a A', 'd D'], '(3)(4 2 1)'],
    ['one subject, no references', ['a S', 'b Re S', 'c Re S'], '(1 (2)(3))'],
    ['one subject, a reply first', ['a Re S', 'b S', 'c Re S'], '(2 (1)(3))'],
    ['one subject, none a reply', ['a S', 'b S', 'c S'], '((1)(2)(3))'],
    ['one subject, all replies', ['a Re S', 'b Re S'], '((1)(2))'],
    ['a dummy of the same subject takes the others in', ['b<a S', 'c<a Re S', 'd S'], '((1)(2)(3))'],
    ['two dummies of the same subject', ['b<a S', 'c<a S', 'e<d S', 'f<d S'], '((1)(2)(3)(4))'],
    ['no subject joins nothing', ['a ', 'b '], '(1)(2)'],
  ])('%s', (_, lines, threads) => expect(references(messagesOf(lines))).toBe(threads));
});

describe('ORDEREDSUBJECT, RFC 5256 §3', () => {
  test.each<[name: string, lines: string[], threads: string]>([
    ['by subject, then by date', ['a S', 'b T', 'c S', 'd S', 'e T'], '(1 (3)(4))(2 5)'],
    ['no subject is a subject', ['a ', 'b S', 'c '], '(1 3)(2)'],
  ])('%s', (_, lines, threads) => expect(orderedSubject(messagesOf(lines))).toBe(threads));
});

const id = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
const message = fc.record({
  sentAtMs: fc.nat(5), messageId: fc.option(id), references: fc.array(id, { maxLength: 4 }), baseSubject: fc.constantFrom('', 'S', 'T'), isReply: fc.boolean(),
});
const mailbox = fc.array(message, { maxLength: 12 }).map((messages): PlainMessage[] => messages.map((facts, index) => ({ number: index + 1, ...facts })));

property('threads are those of a plain reading', mailbox, (messages) => {
  expect(references(messages)).toBe(plainReferences(messages));
  expect(orderedSubject(messages)).toBe(plainOrderedSubject(messages));
}, { numRuns: 500 });

property('every message is in exactly one place, whoever names whom', mailbox, (messages) => {
  for (const answer of [references(messages), orderedSubject(messages)]) {
    expect((answer.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b)).toEqual(messages.map(({ number }) => number));
  }
});

property('a dummy stands at the top and holds more than one', mailbox, (messages) => {
  const { numbers, roots, firstChild, nextSibling } = threadByReferences(threadMessagesOf(messages));
  const isDummy = (place: number): boolean => place >= numbers.length;
  expect([...firstChild, ...nextSibling].filter(isDummy)).toEqual([]);
  for (const root of roots.filter(isDummy)) expect(nextSibling[firstChild[root]!]).not.toBe(-1);
});

test.each<[name: string, count: number, references: (index: number) => string[]]>([
  ['one chain', 50_000, (index) => [String(index - 1)]],
  ['one chain, told backwards', 50_000, (index) => [String(index + 1)]],
  ['one parent of all', 50_000, () => ['nobody']],
  ['chains of unknown ids', 5000, (index) => Array.from({ length: 20 }, (_, step) => `${index}.${step}`)],
])('many messages take no long time and no deep stack: %s', (_, count, referencesOf) => {
  const messages = Array.from({ length: count }, (_, index): PlainMessage => ({
    number: index + 1, sentAtMs: index, messageId: String(index), references: referencesOf(index), baseSubject: String(index % 7), isReply: index % 2 === 0,
  }));
  const startMs = processorMs();
  expect(references(messages).length).toBeGreaterThan(count);
  expect(processorMs() - startMs).toBeLessThan(5000);
});
