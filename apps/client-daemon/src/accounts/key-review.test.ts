import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseFingerprint, parseMailAddress } from '@paloma/shared-model';
import { generateSecretKey } from '@paloma/crypto/secret';
import { runKeyReviewContract } from '@paloma/mail-store/contract';
import { temporaryDirectory } from '@paloma/test-kit';
import { SubmissionProvider } from '../test/submission-provider.js';
import { ALICE, openTestDevice, secretKeyOf, type TestDevice } from '../test/test-device.js';
import { TestSending } from '../test/test-sending.js';
import { KeyringReview } from './key-review.js';

const BOB = parseMailAddress('bob@example.net');
const MESSAGE = `From: Alice <${ALICE}>\r\nTo: ${BOB}\r\nSubject: x\r\n\r\ny\r\n`;
const VOUCHED = { source: 'wkd', level: 'providerTrust' } as const;
const replacement = generateSecretKey({ address: BOB, name: '', nowMs: Date.UTC(2026, 0, 1) });

const directory = temporaryDirectory();
let device: TestDevice;
let sending: TestSending;
let keys: KeyringReview;

beforeEach(async () => {
  device = await openTestDevice(directory);
  sending = new TestSending(device, new SubmissionProvider());
  keys = new KeyringReview({ ...device, onDecided: (address) => sending.outbox.hasten(address) });
});
afterEach(async () => {
  await sending.sender.stop();
  device.close();
});

/** Bob's key is known, and the directory vouches for another one. */
async function changeBobsKey() {
  const [known, refused] = [await secretKeyOf(BOB), await replacement];
  await device.keyring.accept(BOB, known.certificate, VOUCHED);
  device.directory.publish(BOB, refused.certificate);
  await device.keyring.resolve(BOB);
  await device.keyring.accept(BOB, refused.certificate, VOUCHED);
  return { known: parseFingerprint(known.fingerprint), refused: parseFingerprint(refused.fingerprint) };
}

runKeyReviewContract('over the keyring', async () => ({ keys, address: BOB, ...await changeBobsKey() }));

test('a refused key is shown with where it came from', async () => {
  const { refused } = await changeBobsKey();
  expect((await keys.keysOf([BOB]))[0]!.keys[1]).toEqual({ fingerprint: refused, state: 'refused', level: 'providerTrust', source: 'wkd', firstSeenAtMs: device.clock.nowMs() });
});

test.each(['takeNew', 'keepKnown'] as const)('a message waits while the key is contested, and leaves at once after %s', async (decision) => {
  const { known, refused } = await changeBobsKey();
  const submissionId = await sending.send(MESSAGE, [BOB]);
  await sending.wait(60_000);
  expect(sending.recipients(submissionId)).toMatchObject({ [BOB]: ['waiting', 'undecided', expect.stringContaining('key')] });
  expect(await keys.decide(BOB, { decision, fingerprint: decision === 'takeNew' ? refused : known })).toBe(true);
  await sending.sender.wake();
  expect(sending.recipients(submissionId)).toMatchObject({ [BOB]: ['sent', 'encrypted', expect.any(String)] });
});

test('a decision in the middle of an attempt is not lost when the attempt ends', async () => {
  const { refused } = await changeBobsKey();
  sending.provider.messageReply = () => {
    sending.provider.messageReply = () => null;
    device.clock.advance(1_000);
    void keys.decide(BOB, { decision: 'takeNew', fingerprint: refused });
    return null;
  };
  const submissionId = await sending.send(MESSAGE, [BOB, 'ana@example.net']);
  await sending.sender.wake();
  expect(sending.recipients(submissionId)).toMatchObject({ [BOB]: ['sent', 'encrypted', expect.any(String)], 'ana@example.net': ['sent', 'signedOnly', expect.any(String)] });
});

test('a void decision lets nothing leave', async () => {
  const { known } = await changeBobsKey();
  const submissionId = await sending.send(MESSAGE, [BOB]);
  expect(await keys.decide(BOB, { decision: 'takeNew', fingerprint: known })).toBe(false);
  await sending.sender.wake();
  expect(sending.recipients(submissionId)).toMatchObject({ [BOB]: ['waiting', 'undecided', expect.any(String)] });
});

test('a decision does not send before its time what is to be sent later', async () => {
  const { refused } = await changeBobsKey();
  const submissionId = await sending.send(MESSAGE, [BOB], { sendAtMs: device.clock.nowMs() + 3_600_000 });
  await keys.decide(BOB, { decision: 'takeNew', fingerprint: refused });
  await sending.sender.wake();
  expect(sending.recipients(submissionId)).toMatchObject({ [BOB]: ['waiting', 'undecided', ''] });
});

test('a decision that another device took reaches what waits here', async () => {
  const { refused } = await changeBobsKey();
  const submissionId = await sending.send(MESSAGE, [BOB]);
  const trust = device.keyring.trustIn(BOB)!;
  device.store.transact((transaction) => transaction.put('trust', BOB, { ...trust, fingerprint: refused, level: 'knownKey', refusedFingerprint: null, refusedLevel: null }));
  await sending.sender.wake();
  expect(sending.recipients(submissionId)).toMatchObject({ [BOB]: ['sent', 'encrypted', expect.any(String)] });
});

test('own keys are not for review', async () => {
  expect(await keys.keysOf([ALICE])).toEqual([{ address: ALICE, keys: [] }]);
  const own = parseFingerprint(device.store.list('secret-key')[0]!.content.fingerprint);
  expect(await keys.decide(ALICE, { decision: 'verify', fingerprint: own })).toBe(false);
});
