// The rules of docs/protocol/keys.md §3, row by row. A: the known certificate. B: another one.

import { describe, expect, test } from '@jest/globals';
import { VALIDATION_LEVELS, type Fingerprint, type ValidationLevel } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import { decideReplacement, type CandidateCertificate, type KnownCertificate, type Replacement } from './replacement.js';

const NOW_MS = 1000;
const A = 'A'.repeat(40) as Fingerprint;
const B = 'B'.repeat(40) as Fingerprint;
/** In daily use, valid, of middling trust: only what a row changes lets another one in. */
const settled: KnownCertificate = { fingerprint: A, level: 'providerTrust', expiresAtMs: NOW_MS + 1, isRevoked: false, canEncrypt: true, wasUsedToEncrypt: true, wasUsedToVerify: true };
const other: CandidateCertificate = { fingerprint: B, level: 'providerTrust', isCertifiedByKnown: false, wasRejected: false };

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
  ['8 lower level', settled, { ...other, level: 'weakChain' }, 'ignore'],
  ['8 lower level, the known one verified', { ...settled, level: 'fingerprint' }, { ...other, level: 'knownKey' }, 'ignore'],
  ['8 lower level, but the known one cannot encrypt', { ...settled, canEncrypt: false }, { ...other, level: 'weakChain' }, 'refuse'],
  ['8 both from hearsay', { ...settled, level: 'weakChain' }, { ...other, level: 'weakChain' }, 'refuse'],
  ['8 rejected before, same level', settled, { ...other, wasRejected: true }, 'ignore'],
  ['8 rejected before, rule 6 would take it', { ...settled, level: 'weakChain', wasUsedToEncrypt: false }, { ...other, wasRejected: true }, 'ignore'],
  ['8 rejected before, the known one is spent', { ...settled, isRevoked: true }, { ...other, wasRejected: true }, 'refuse'],
  ['8 rejected before, then imported by the user', { ...settled, expiresAtMs: null }, { ...other, level: 'knownKey', wasRejected: true }, 'accept'],
  ['3 rejected before, then verified by fingerprint', settled, { ...other, level: 'fingerprint', wasRejected: true }, 'accept'],
  ['9 otherwise', settled, other, 'refuse'],
])('rule %s', (_rule, known, candidate, expected) => {
  test(expected, () => expect(decideReplacement(known, candidate, NOW_MS)).toBe(expected));
});

const levels = fc.constantFrom<ValidationLevel>(...VALIDATION_LEVELS);
const known = fc.record({
  fingerprint: fc.constant(A), level: levels, expiresAtMs: fc.constantFrom(null, NOW_MS - 1, NOW_MS + 1), isRevoked: fc.boolean(),
  canEncrypt: fc.boolean(), wasUsedToEncrypt: fc.boolean(), wasUsedToVerify: fc.boolean(),
});

property('a certificate of lower level never gets in unless the known one certifies it', fc.tuple(known, levels, fc.boolean()), ([certificate, level, wasRejected]) => {
  const isLower = VALIDATION_LEVELS.indexOf(level) < VALIDATION_LEVELS.indexOf(certificate.level);
  if (isLower) expect(decideReplacement(certificate, { ...other, level, wasRejected }, NOW_MS)).toMatch(/^(ignore|refuse)$/);
});

property('nobody is asked about a certificate of lower level while the known one can be used', fc.tuple(known, levels, fc.boolean()), ([certificate, level, wasRejected]) => {
  const usable: KnownCertificate = { ...certificate, canEncrypt: true, isRevoked: false, expiresAtMs: NOW_MS + 1 };
  const isLower = VALIDATION_LEVELS.indexOf(level) < VALIDATION_LEVELS.indexOf(usable.level);
  if (isLower) expect(decideReplacement(usable, { ...other, level, wasRejected }, NOW_MS)).toBe('ignore');
});

property('what the user rejected comes in by his own deed alone', fc.tuple(known, levels), ([certificate, level]) => {
  const isHisDeed = level === 'knownKey' || level === 'fingerprint';
  if (!isHisDeed) expect(decideReplacement(certificate, { ...other, level, wasRejected: true }, NOW_MS)).not.toBe('accept');
});

property('a valid certificate that the user verified is replaced by nothing but another such', fc.tuple(known, levels), ([certificate, level]) => {
  const verified: KnownCertificate = { ...certificate, level: 'fingerprint', expiresAtMs: NOW_MS + 1, isRevoked: false, canEncrypt: true };
  expect(decideReplacement(verified, { ...other, level }, NOW_MS)).toBe(level === 'fingerprint' ? 'accept' : 'ignore');
});
