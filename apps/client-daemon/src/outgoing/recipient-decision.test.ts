import { expect, test } from '@jest/globals';
import type { KeyResolution } from '@paloma/keyring';
import { decideRecipient } from './recipient-decision.js';

const resolved = { certificate: new Uint8Array([1]), fingerprint: 'A'.repeat(40), level: 'providerTrust' } as const;

test.each<[KeyResolution, string]>([
  [{ state: 'verified', ...resolved }, 'encrypt'],
  [{ state: 'found', ...resolved }, 'encrypt'],
  [{ state: 'noKey' }, 'signOnly'],
  [{ state: 'keyChanged', ...resolved }, 'wait'],
  [{ state: 'lookupFailed' }, 'wait'],
])('%j: %s', (resolution, kind) => {
  expect(decideRecipient(resolution).kind).toBe(kind);
});
