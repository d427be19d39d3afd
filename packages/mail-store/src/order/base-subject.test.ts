import { expect, test } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { parseSubject } from './base-subject.js';

const baseSubject = (subject: string): string => parseSubject(subject).base;

test.each([
  ['plain', 'plain'], ['Re: plain', 'plain'], ['RE: Fwd:  FW[2]: plain', 'plain'], ['[list] Re: plain', 'plain'], ['Re: [list] plain', 'plain'],
  ['[list] plain', 'plain'], ['[list]', '[list]'], ['plain (fwd) (FWD)', 'plain'], ['[Fwd: Re: plain]', 'plain'], ['Regards: x', 'Regards: x'],
  ['  a \t b ', 'a b'], ['Re:', ''], ['', ''], ['[a [b] c] x', '[a [b] c] x'],
])('the base of %j is %j', (subject, base) => expect(baseSubject(subject)).toBe(base));

property('the base of a base is itself', fc.array(fc.constantFrom('re', 'fwd', ':', ' ', '[', ']', '(fwd)', 'x', '[fwd:')).map((parts) => parts.join('')), (subject) => {
  expect(baseSubject(baseSubject(subject))).toBe(baseSubject(subject));
});
