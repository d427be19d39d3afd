import { expect, test } from '@jest/globals';
import { fc, property, seededRandom } from '@paloma/test-kit';
import { createRecoveryCode, formatRecoveryCode, parseRecoveryCode, recoverySecret } from './recovery-code.js';

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const GROUPS = 8;
const code = createRecoveryCode(seededRandom('recovery code'));
const text = code.reveal();
const formatted = formatRecoveryCode(code);

test('a code is eight groups of five and carries 160 bits', () => {
  expect(formatted).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){7}[0-9A-HJKMNP-TV-Z]{5}$/);
  expect(recoverySecret(code).reveal()).toHaveLength(160 / 5);
});

test.each<[string, (canonical: string) => string]>([
  ['as it is printed', () => formatted],
  ['in lower case with spaces', () => formatted.toLowerCase().replaceAll('-', ' ')],
  ['without separators', (canonical) => canonical],
  ['with O, I and L for digits', (canonical) => canonical.replaceAll('0', 'o').replaceAll('1', 'l')],
  ['with dashes of a word processor and line ends', () => formatted.replaceAll('-', ' \u2013\n')],
])('a code is read %s', (_name, typed) => {
  const parsed = parseRecoveryCode(typed(text));
  expect(parsed.ok && parsed.code.reveal()).toBe(text);
});

test.each<[string, string]>([['nothing', ''], ['a group too few', text.slice(5)], ['a group too many', `${text}00000`]])('%s is not a code', (_name, typed) => {
  expect(parseRecoveryCode(typed)).toEqual({ ok: false, group: 0 });
});

test('a character that does not belong is found in its group', () => {
  expect(parseRecoveryCode(`${text.slice(0, 12)}U${text.slice(13)}`)).toEqual({ ok: false, group: 3 });
});

test('every single wrong character is found in its group', () => {
  for (const [position, right] of [...text].entries()) {
    for (const wrong of ALPHABET) {
      const typed = text.slice(0, position) + wrong + text.slice(position + 1);
      expect(parseRecoveryCode(typed)).toMatchObject(wrong === right ? { ok: true } : { ok: false, group: Math.floor(position / 5) + 1 });
    }
  }
});

property('two characters swapped in a group, or two groups swapped, are found', fc.tuple(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(GROUPS - 1), fc.nat(GROUPS - 1), fc.nat(3)),
  ([octets, one, two, place]) => {
    const groups = createRecoveryCode({ bytes: () => octets }).reveal().match(/.{5}/g)!;
    const group = groups[one]!;
    const swapped = group.slice(0, place) + group[place + 1] + group[place] + group.slice(place + 2);
    expect(parseRecoveryCode(groups.with(one, swapped).join('')).ok).toBe(swapped === group);
    expect(parseRecoveryCode(groups.with(one, groups[two]!).with(two, group).join('')).ok).toBe(one === two);
  });

property('what is made is read again', fc.uint8Array({ minLength: 20, maxLength: 20 }), (octets) => {
  const made = createRecoveryCode({ bytes: () => octets });
  expect(parseRecoveryCode(formatRecoveryCode(made))).toMatchObject({ ok: true });
});
