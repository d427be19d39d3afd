import { expect, test } from '@jest/globals';
import { describeLink } from './link-target.js';

test.each([
  ['https://a.org/x', 'click', { kind: 'web', host: 'a.org', isSecure: true, mismatch: null }],
  ['https://evil.org/', 'https://bank.org/login', { kind: 'web', host: 'evil.org', mismatch: 'bank.org' }],
  ['https://www.bank.org/', 'bank.org', { mismatch: null }],
  ['http://bаnk.org/', 'bank.org', { host: 'xn--bnk-6cd.org', isSecure: false, mismatch: 'bank.org' }],
  ['https://bank.org@evil.org/', 'bank.org', { host: 'evil.org', mismatch: 'bank.org' }],
  ['mailto:ana@x.org?subject=Hi', '', { kind: 'mail', address: 'ana@x.org' }],
  ['javascript:alert(1)', '', { kind: 'refused' }],
  ['data:text/html,x', '', { kind: 'refused' }],
  ['/relative', '', { kind: 'refused' }],
])('a link to %p shown as %p', (url, text, expected) => expect(describeLink(url, text)).toMatchObject(expected));
