import { expect, test } from '@jest/globals';
import { NOT_PROTECTED, type MessageDocument, type SecurityFacts } from '@paloma/shared-model';
import { mergeMessageDocuments } from './mergers.js';

const facts = (signature: SecurityFacts['signature'], status: SecurityFacts['status'] = 'private'): SecurityFacts => ({ ...NOT_PROTECTED, isEncrypted: true, signature, status });

function messageWith(security: SecurityFacts): MessageDocument {
  const rootPart = { partNumber: '', mediaType: 'text/plain', parameters: {}, contentId: null, disposition: null, filename: null, transferEncoding: '7bit', headerOffset: 0, bodyOffset: 2, bodyBytes: 0, bodyLines: 0, children: [] };
  return { messageId: 'M1', headerBlock: new Uint8Array([13, 10]), sizeBytes: 2, rootPart, content: [], preview: '', security, sourceId: 'x', asReceived: null };
}

test.each<[string, SecurityFacts, SecurityFacts]>([
  ['a device that found the signer over one that did not', facts('valid'), facts('unknownSigner')],
  ['a bad signature over everything', facts('invalid', 'problem'), facts('valid')],
  ['a signature of somebody unknown over none', facts('unknownSigner'), facts('none')],
  ['with equal knowledge the same one on both devices', facts('valid', 'privateVerified'), facts('valid', 'private')],
])('%s', (_name, kept, other) => {
  const [a, b] = [messageWith(kept), messageWith(other)];
  expect(mergeMessageDocuments(a, b).security).toEqual(kept);
  expect(mergeMessageDocuments(b, a).security).toEqual(kept);
});
