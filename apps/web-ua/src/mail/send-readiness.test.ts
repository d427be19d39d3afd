import { expect, test } from '@jest/globals';
import { canSend, sendReadiness } from './send-readiness.js';

const to = (...emails: string[]) => emails.map((email) => ({ name: null, email }));
test.each([
  [[], 'none', false], [['verified', 'found'], 'encrypted', true], [['verified', 'lookingUp'], 'lookingUp', false], [['found', 'noKey'], 'noKey', true],
  [['noKey', 'keyChanged'], 'keyChanged', false], [['found', 'lookupFailed'], 'lookupFailed', true], [['lookingUp', 'noKey'], 'noKey', true], [['keyChanged', 'invalid'], 'invalid', false],
] as const)('recipients %p: %p', (states, kind, isSendable) => {
  const readiness = sendReadiness(to(...states.map((_state, place) => `${place}`)), (address) => states[Number(address)] ?? 'invalid');
  expect([readiness.kind, canSend(readiness)]).toEqual([kind, isSendable]);
});
