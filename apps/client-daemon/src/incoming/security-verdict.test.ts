import { expect, test } from '@jest/globals';
import type { SecurityFacts } from '@paloma/shared-model';
import { securityVerdict, type Evidence } from './security-verdict.js';

const plain: Evidence = { isEncrypted: false, signature: 'none', signerFingerprint: null, signerLevel: null, isKeyChanged: false, isSenderDisputed: false };

test.each<[string, Partial<Evidence>, SecurityFacts['status'], SecurityFacts['problem']]>([
  ['ordinary mail is not protected', {}, 'notProtected', null],
  ['encrypted mail without a signature is private, sender not verified', { isEncrypted: true }, 'private', null],
  ['a valid signature of a certificate from the provider is private, not verified', { isEncrypted: true, signature: 'valid', signerLevel: 'providerTrust' }, 'private', null],
  ['only a fingerprint checked by the user makes it verified', { isEncrypted: true, signature: 'valid', signerLevel: 'fingerprint' }, 'privateVerified', null],
  ['signed in the clear is signed', { signature: 'valid', signerLevel: 'fingerprint' }, 'signed', null],
  ['an invalid signature is a problem even when encrypted', { isEncrypted: true, signature: 'invalid' }, 'problem', 'badSignature'],
  ['an invalid signature is never "not signed"', { signature: 'invalid' }, 'problem', 'badSignature'],
  ['a signature of nobody we know leaves it unprotected', { signature: 'unknownSigner' }, 'notProtected', null],
  ['a valid signature by a certificate that is not the sender\'s says nothing', { signature: 'valid' }, 'notProtected', null],
  ['a valid signature by a certificate that was refused is a problem', { signature: 'valid', isKeyChanged: true }, 'problem', 'keyChanged'],
  ['the same when encrypted', { isEncrypted: true, signature: 'valid', isKeyChanged: true }, 'problem', 'keyChanged'],
  ['a From inside that the outside does not name is a problem without its signature', { isEncrypted: true, isSenderDisputed: true }, 'problem', 'tampered'],
  ['and none with it', { isEncrypted: true, signature: 'valid', signerLevel: 'fingerprint', isSenderDisputed: true }, 'privateVerified', null],
  ['a signed part of another sender is a problem, signed or not', { signature: 'valid', signerLevel: 'fingerprint', isSenderDisputed: true }, 'problem', 'tampered'],
  ['a signature by another key than the known one is a problem', { isEncrypted: true, signature: 'unknownSigner', isKeyChanged: true }, 'problem', 'keyChanged'],
])('%s', (_name, evidence, status, problem) => {
  expect(securityVerdict({ ...plain, ...evidence })).toMatchObject({ status, problem });
});
