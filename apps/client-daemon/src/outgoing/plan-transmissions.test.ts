import { expect, test } from '@jest/globals';
import { planTransmissions, type DecidedRecipient } from './plan-transmissions.js';

const certificateOf = (name: string): Uint8Array => new TextEncoder().encode(name);
const encrypt = (forwardPath: string, isBlind = false): DecidedRecipient => ({ forwardPath, isBlind, decision: { kind: 'encrypt', certificate: certificateOf(forwardPath) } });
const signOnly = (forwardPath: string, isBlind = false): DecidedRecipient => ({ forwardPath, isBlind, decision: { kind: 'signOnly' } });
const wait = (forwardPath: string): DecidedRecipient => ({ forwardPath, isBlind: false, decision: { kind: 'wait', reason: 'x' } });

const paths = (recipients: DecidedRecipient[]): [string, string[]][] => planTransmissions(recipients).map(({ protection, forwardPaths }) => [protection, forwardPaths]);

test.each<[string, DecidedRecipient[], [string, string[]][]]>([
  ['visible recipients share one encrypted copy', [encrypt('a'), encrypt('b')], [['encrypted', ['a', 'b']]]],
  ['each blind recipient gets an encrypted copy apart', [encrypt('a'), encrypt('b', true), encrypt('c', true)], [['encrypted', ['a']], ['encrypted', ['b']], ['encrypted', ['c']]]],
  ['recipients without a key share the signed copy', [encrypt('a'), signOnly('b'), signOnly('c', true)], [['encrypted', ['a']], ['signedOnly', ['b', 'c']]]],
  ['a recipient who waits is in no copy', [wait('a'), encrypt('b')], [['encrypted', ['b']]]],
  ['nobody decided, nothing to send', [wait('a')], []],
])('%s', (_name, recipients, expected) => {
  expect(paths(recipients)).toEqual(expected);
});

test('a blind recipient\'s certificate is never used for the shared copy', () => {
  const [shared] = planTransmissions([encrypt('a'), encrypt('blind', true)]);
  expect(shared?.certificates).toEqual([certificateOf('a')]);
});
