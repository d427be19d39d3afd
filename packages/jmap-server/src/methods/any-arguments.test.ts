// No arguments, however odd, lead to an error that nobody expected.

import { beforeAll, expect } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import { jmapFixture, KNOWN_KEY, type JmapFixture } from '../test/jmap-fixture.js';
import { METHODS } from './index.js';

const text = fc.oneof(
  fc.constantFrom('inbox', 'drafts', 'gone', '#k', 'primary', '$seen', 'keywords/$seen', 'mailboxIds/inbox', '__proto__', 'constructor', '', 'bob@example.net', 'alice@example.org', '2026-01-01T00:00:00Z', 'text/plain', 'multipart/mixed', 'carol@example.net', 'verify', 'takeNew', KNOWN_KEY),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));

const ARGUMENT_NAMES = [
  'ids', 'properties', 'sinceState', 'maxChanges', 'filter', 'sort', 'position', 'anchor', 'anchorOffset', 'limit', 'calculateTotal', 'collapseThreads',
  'sinceQueryState', 'upToId', 'ifInState', 'create', 'update', 'destroy', 'onDestroyRemoveEmails', 'bodyProperties', 'fetchAllBodyValues', 'maxBodyValueBytes',
  'blobIds', 'emails', 'emailIds', 'addresses', 'onSuccessUpdateEmail', 'onSuccessDestroyEmail', 'sortAsTree', 'filterAsTree', 'address', 'decision', 'fingerprint',
];
const MEMBER_NAMES = [
  'name', 'parentId', 'mailboxIds', 'keywords', 'from', 'to', 'subject', 'sentAt', 'textBody', 'bodyValues', 'bodyStructure', 'subParts', 'partId', 'blobId', 'type', 'value',
  'attachments', 'identityId', 'emailId', 'envelope', 'mailFrom', 'rcptTo', 'email', 'undoStatus', 'textSignature', 'operator', 'conditions', 'property', 'inMailbox', 'text',
  'header', 'before', 'header:X:asText', 'header:Subject:asDate', 'header:To:asGroupedAddresses:all', 'k', 'inbox', 'primary', '$seen', 'true', 'receivedAt',
];
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.constantFrom(...MEMBER_NAMES), text), tie('value'), { maxKeys: 5 }),
  ),
}));
const arguments_ = fc.dictionary(fc.constantFrom(...ARGUMENT_NAMES), value, { maxKeys: 4 });
const calls = fc.array(fc.tuple(fc.constantFrom(...METHODS.keys()), arguments_), { minLength: 1, maxLength: 20 });

let fixture: JmapFixture;
beforeAll(async () => {
  fixture = await jmapFixture();
  await fixture.file('From: bob@example.net\nSubject: lunch\n\nAt noon?\n');
});

property('every call has an answer or an expected error', calls, async (methodCalls) => {
  const responses = await fixture.call(...methodCalls);
  expect(fixture.bugs).toEqual([]);
  expect(responses.length).toBeGreaterThanOrEqual(methodCalls.length);
  expect(responses.filter(([name, answer]) => name === 'error' && answer['type'] === 'serverFail')).toEqual([]);
});
