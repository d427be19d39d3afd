import { describe, expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { framesOf } from '../test/reader-of.js';
import { CommandFramer, STRANGER_LIMITS, type Frame } from './command-framer.js';

const octets = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/** `a LOGIN {3}bob x` and the like; what is not a command by its kind. */
function shown(frames: readonly Frame[]): string[] {
  return frames.map((frame) => {
    if (frame.kind === 'literalAnnounced') return '+';
    if (frame.kind === 'refused') return `${frame.tag} ${frame.refusal}${frame.isInStep ? '' : ', out of step'}`;
    return frame.segments.map(({ text, literal }) => text + (literal ? `«${Buffer.from(literal).toString('latin1')}»` : '')).join('');
  });
}

const LIMITS = { maxLineBytes: 40, maxLiteralBytes: 10, maxAppendBytes: 100 };

test.each<[name: string, input: string, expected: string[]]>([
  ['one line', 'a NOOP\r\n', ['a NOOP']],
  ['a line that ends in LF alone', 'a NOOP\n', ['a NOOP']],
  ['two commands in one packet', 'a NOOP\r\nb NOOP\r\n', ['a NOOP', 'b NOOP']],
  ['half a line', 'a NOO', []],
  ['a synchronizing literal', 'a LOGIN {3}\r\nbob x\r\n', ['+', 'a LOGIN «bob» x']],
  ['a non-synchronizing literal', 'a LOGIN {3+}\r\nbob {1+}\r\nx\r\n', ['a LOGIN «bob» «x»']],
  ['CRLF within a literal', 'a X {4+}\r\n\r\n\r\n\r\n', ['a X «\r\n\r\n»']],
  ['an empty literal', 'a X {0+}\r\n\r\n', ['a X «»']],
  ['a number that is too long to be a literal', 'a X {12345678901234567890}\r\n', ['a X {12345678901234567890}']],
  ['braces within a quoted string', 'a X "{3}"\r\n', ['a X "{3}"']],
  ['a literal over the limit, which is not sent', 'a X {11}\r\nb NOOP\r\n', ['a literalTooLarge', 'b NOOP']],
  ['a literal over the limit, which is under way', 'a X {11+}\r\nb NOOP\r\n', ['a literalTooLarge, out of step']],
  ['literals that are together over the limit', 'a X {6+}\r\n123456 {6}\r\n', ['a literalTooLarge']],
  ['a literal of APPEND, which may be larger', 'a append x {11+}\r\n12345678901\r\n', ['a append x «12345678901»']],
  ['literals of REPLACE, which are those of APPEND', 'a uid replace 1 x {11+}\r\n12345678901\r\n', ['a uid replace 1 x «12345678901»']],
  ['APPEND within a string of another command', 'a X " APPEND " {11}\r\n', ['a literalTooLarge']],
  ['a line over the limit', `a ${'x'.repeat(39)}\r\nb NOOP\r\n`, ['a lineTooLong, out of step']],
  ['a line over the limit without a tag', 'x'.repeat(41), ['* lineTooLong, out of step']],
  ['lines around a literal that are together over the limit', `a ${'x'.repeat(20)} {1+}\r\ny${'x'.repeat(20)}\r\n`, ['a lineTooLong, out of step']],
])('frames %s', (_, input, expected) => {
  expect(shown(framesOf([octets(input)], LIMITS))).toEqual(expected);
});

describe('any octets', () => {
  const fragment = fc.constantFrom('a NOOP\r\n', 'b LOGIN {3}\r\nbob ', '{3+}\r\n', '{99}\r\n', '{99+}', '\r\n', '\n', 'x', ' ', '{', '}', '"', '\0', 'ÿ', 'c APPEND x {50+}\r\n');
  const stream = fc.array(fragment, { maxLength: 30 }).map((parts) => octets(parts.join('')));

  property('give the same frames however they are cut', fc.tuple(stream, fc.array(fc.nat(300), { maxLength: 10 })), ([input, cuts]) => {
    const places = [0, ...cuts.filter((cut) => cut < input.length).sort((a, b) => a - b), input.length];
    const chunks = places.slice(1).map((end, index) => input.subarray(places[index], end));
    const whole = shown(framesOf([input], LIMITS));
    const stopped = whole.findIndex((frame) => frame.includes('out of step'));
    const comparable = stopped < 0 ? whole : whole.slice(0, stopped + 1);
    expect(shown(framesOf(chunks, LIMITS)).slice(0, comparable.length)).toEqual(comparable);
  });

  property('never make a stranger hold more than the limits allow', fc.uint8Array({ maxLength: 20_000 }), (noise) => {
    const framer = new CommandFramer();
    framer.push(noise);
    for (let frame = framer.next(); frame; frame = framer.next()) {
      const held = frame.kind === 'command' ? frame.segments.reduce((sum, { text, literal }) => sum + text.length + (literal?.length ?? 0), 0) : 0;
      expect(held).toBeLessThanOrEqual(STRANGER_LIMITS.maxLineBytes + STRANGER_LIMITS.maxLiteralBytes);
    }
  });
});
