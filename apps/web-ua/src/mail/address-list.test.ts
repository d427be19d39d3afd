import { expect, test } from '@jest/globals';
import { formatAddress, initials, parseAddressList } from './address-list.js';

test.each([
  ['a@x.org, b@x.org; c@x.org', ['a@x.org', 'b@x.org', 'c@x.org']],
  ['"Duarte, Ana" <ana@x.org>, Bob <b@x.org>', ['Duarte, Ana <ana@x.org>', 'Bob <b@x.org>']],
  ['<a@x.org>\nb@x.org', ['a@x.org', 'b@x.org']],
  ['"quo\\"te" <q@x.org>', ['quo"te <q@x.org>']],
  [' , ; ', []],
])('addresses of %p', (text, expected) => expect(parseAddressList(text).map(formatAddress)).toEqual(expected));

test.each([['Ana Maria Duarte', 'AD'], ['élan', 'É'], ['*** !', '?']])('initials of %p', (name, expected) => {
  expect(initials({ name, email: 'x@x.org' })).toBe(expected);
});
