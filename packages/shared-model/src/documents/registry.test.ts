import { expect, test } from '@jest/globals';
import { ModelError } from '../errors/model-error.js';
import { DOCUMENT_TYPES, isDocumentType, parseDocumentContent } from './registry.js';

const mailbox = { mailboxId: 'inbox', name: 'INBOX', role: 'inbox', isSubscribed: true, sortOrder: 0, createdAtMs: 0 };

test('content that keeps to its schema is given back', () => {
  expect(parseDocumentContent('mailbox', mailbox)).toEqual(mailbox);
});

test.each([
  ['a missing member', { ...mailbox, name: undefined }],
  ['a wrong type', { ...mailbox, sortOrder: 'first' }],
  ['a role that does not exist', { ...mailbox, role: 'everything' }],
  ['no object', 7],
])('content with %s is refused without being quoted', (_name, content) => {
  expect(() => parseDocumentContent('mailbox', content)).toThrow(ModelError);
  expect(() => parseDocumentContent('mailbox', content)).not.toThrow(/INBOX/);
});

test('names that every object has are no document types', () => {
  expect(['mailbox', 'constructor', '__proto__', 'toString', ''].map(isDocumentType)).toEqual([true, false, false, false, false]);
});

test('a schema version is a promise: changing one needs a fixture of the old form and a migration', () => {
  expect(Object.fromEntries(Object.entries(DOCUMENT_TYPES).map(([type, { schemaVersion }]) => [type, schemaVersion]))).toEqual({
    mailbox: 1, identity: 1, 'secret-key': 1, certificate: 1, trust: 1, 'mail-app-password': 1, device: 1, 'quarantine-item': 1,
    'replica-head': 1,
    email: 1, message: 1, submission: 1, 'message-content': 1,
  });
});
