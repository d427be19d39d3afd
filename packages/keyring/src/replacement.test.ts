// The rules of docs/protocol/keys.md §3, row by row. A: the known certificate. B: another one.

import { describe, expect, test } from '@jest/globals';
import { VALIDATION_LEVELS, type Fingerprint, type ValidationLevel } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import { decideReplacement, type CandidateCertificate, type KnownCertificate, type Replacement } from './replacement.js';

const NOW_MS = 1000;
const A = 'A'.repeat(40) as Fingerprint;
const B = 'B'.repeat(40) as Fingerprint;
/** In daily use, valid, of middling trust: only what a row changes lets another one in. */
const settled: KnownCertificate = { fingerprint: A, level: 'providerTrust', expiresAtMs: NOW_MS + 1, isRevoked: false, wasUsedToEncrypt: true, wasUsedToVerify: true };
const other: CandidateCertificate = { fingerprint: B, level: 'providerTrust', isCertifiedByKnown: false };

describe.each<[rule: string, known: KnownCertificate | null, candidate: CandidateCertificate, expected: Replacement]>([
  ['1 none is known', null, { ...other, level: 'weakChain' }, 'accept'],
  ['2 the same key', settled, { ...other, fingerprint: A }, 'merge'],
  ['2 the same key, worse provenance', settled, { ...other, fingerprint: A, level: 'weakChain' }, 'merge'],
  ['2 the same key, revoked', { ...settled, isRevoked: true }, { ...other, fingerprint: A }, 'merge'],
  ['3 verified by fingerprint', settled, { ...other, level: 'fingerprint' }, 'accept'],
  ['3 verified by fingerprint, as the known one was', { ...settled, level: 'fingerprint' }, { ...other, level: 'fingerprint' }, 'accept'],
  ['4 the known one expired, same level', { ...settled, expiresAtMs: NOW_MS }, other, 'accept'],
  ['4 the known one is revoked, same level', { ...settled, isRevoked: true }, other, 'accept'],
  ['4 the known one expired, lower level', { ...settled, expiresAtMs: NOW_MS }, { ...other, level: 'weakChain' }, 'refuse'],
  ['4 the known one is revoked, lower level', { ...settled, isRevoked: true }, { ...other, level: 'weakChain' }, 'refuse'],
  ['5 the known one never expires, higher level', { ...settled, expiresAtMs: null }, { ...other, level: 'knownKey' }, 'accept'],
  ['5 the known one never expires, same level', { ...settled, expiresAtMs: null }, other, 'refuse'],
  ['6 never used to encrypt, higher level', { ...settled, wasUsedToEncrypt: false }, { ...other, level: 'knownKey' }, 'accept'],
  ['6 never used to verify, higher level', { ...settled, wasUsedToVerify: false }, { ...other, level: 'knownKey' }, 'accept'],
  ['6 never used, same level', { ...settled, wasUsedToEncrypt: false, wasUsedToVerify: false }, other, 'refuse'],
  ['6 used both ways, higher level', settled, { ...other, level: 'knownKey' }, 'refuse'],
  ['7 certified by the known one', settled, { ...other, level: 'weakChain', isCertifiedByKnown: true }, 'accept'],
  ['7 certified by the known one after it was revoked', { ...settled, isRevoked: true }, { ...other, level: 'weakChain', isCertifiedByKnown: true }, 'refuse'],
  ['otherwise', settled, other, 'refuse'],
])('rule %s', (_rule, known, candidate, expected) => {
  test(expected, () => expect(decideReplacement(known, candidate, NOW_MS)).toBe(expected));
});

const levels = fc.constantFrom<ValidationLevel>(...VALIDATION_LEVELS);
const known = fc.record({
  fingerprint: fc.constant(A), level: levels, expiresAtMs: fc.constantFrom(null, NOW_MS - 1, NOW_MS + 1), isRevoked: fc.boolean(),
  wasUsedToEncrypt: fc.boolean(), wasUsedToVerify: fc.boolean(),
});

property('a certificate of lower level never gets in unless the known one certifies it', fc.tuple(known, levels), ([certificate, level]) => {
  const isLower = VALIDATION_LEVELS.indexOf(level) < VALIDATION_LEVELS.indexOf(certificate.level);
  if (isLower) expect(decideReplacement(certificate, { ...other, level }, NOW_MS)).toBe('refuse');
});

property('a valid certificate that the user verified is replaced by nothing but another such', fc.tuple(known, levels), ([certificate, level]) => {
  const verified: KnownCertificate = { ...certificate, level: 'fingerprint', expiresAtMs: NOW_MS + 1, isRevoked: false };
  expect(decideReplacement(verified, { ...other, level }, NOW_MS)).toBe(level === 'fingerprint' ? 'accept' : 'refuse');
});
