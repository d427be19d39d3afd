import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { ModelError } from '../errors/model-error.js';
import { DOCUMENT_TYPES, defineDocumentType, isDocumentType, parseDocumentContent } from './registry.js';

declare module './registry.js' {
  interface ApplicationDocuments {
    note: { text: string };
  }
}

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

test('a mailbox of version 1 is one of version 2', () => {
  const ofVersion1 = { mailboxId: 'archive', name: 'Archive', role: 'archive', isSubscribed: true, sortOrder: 4, createdAtMs: 0 };
  expect(parseDocumentContent('mailbox', ofVersion1)).toEqual(ofVersion1);
});

test('a submission of version 1, which says nothing about notices, is one of versions 2 and 3', () => {
  const ofVersion1 = {
    submissionId: 's1', emailId: 'e1', identityId: 'primary', reversePath: 'alice@example.org',
    recipients: [{ forwardPath: 'bob@example.net', state: 'waiting', protection: 'undecided', lastReply: '' }],
    messageBlobId: 'b1', transmissions: [{ blobId: 'b2', sizeBytes: 5, protection: 'signedOnly', forwardPaths: ['bob@example.net'] }],
    createdAtMs: 0, sendAtMs: 0, attempts: 1, nextAttemptAtMs: 0, undoStatus: 'pending', ownerReplica: 'r1',
  };
  expect(parseDocumentContent('submission', ofVersion1)).toEqual(ofVersion1);
  const [recipient] = ofVersion1.recipients;
  const ofVersion2 = { ...ofVersion1, returnedPart: 'HDRS', envelopeId: 'QQ', recipients: [{ ...recipient, notify: [], originalRecipient: 'rfc822;b@example.net' }] };
  expect(parseDocumentContent('submission', ofVersion2)).toEqual(ofVersion2);
  expect(() => parseDocumentContent('submission', { ...ofVersion2, returnedPart: 'ALL' })).toThrow(ModelError);
  const ofVersion3 = { ...ofVersion2, recipients: [{ ...recipient, copyEnvelopeId: 'fy3' }] };
  expect(parseDocumentContent('submission', ofVersion3)).toEqual(ofVersion3);
});

test('names that every object has are no document types', () => {
  expect(['mailbox', 'constructor', '__proto__', 'toString', ''].map(isDocumentType)).toEqual([true, false, false, false, false]);
});

test('a schema version is a promise: changing one needs a fixture of the old form and a migration', () => {
  expect(Object.fromEntries(Object.entries(DOCUMENT_TYPES).map(([type, { schemaVersion }]) => [type, schemaVersion]))).toEqual({
    mailbox: 2, identity: 1, 'secret-key': 1, certificate: 1, trust: 1, 'mail-app-password': 1, device: 1, 'quarantine-item': 1,
    annotations: 1, 'replica-head': 1,
    email: 1, message: 1, submission: 3, 'delivery-report': 1, 'message-content': 1,
  });
});

test('a program may add a type of its own, once, under a name that is free', () => {
  const entry = { schema: z.object({ text: z.string() }), schemaVersion: 1, documentClass: 1, isImmutable: false } as const;
  const taken = ['Note', 'mailbox', 'toString()'];
  for (const name of taken) expect(() => defineDocumentType(name as 'note', entry)).toThrow(ModelError);
  defineDocumentType('note', entry);
  try {
    expect(parseDocumentContent('note', { text: 'Water the roses' })).toEqual({ text: 'Water the roses' });
    expect(() => parseDocumentContent('note', { text: 1 })).toThrow(ModelError);
    expect(() => defineDocumentType('note', entry)).toThrow(ModelError);
  } finally {
    Reflect.deleteProperty(DOCUMENT_TYPES, 'note');
  }
});
