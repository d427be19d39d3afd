// A store that goes on as another replica sends what it was to send before, once; what others own it leaves to them.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { parseBlobId, parseBlobNamespace, type SubmissionId } from '@paloma/shared-model';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { ALICE, openTestDevice, type TestDevice } from '../test/test-device.js';
import { SubmissionProvider } from '../test/submission-provider.js';
import { TestSending } from '../test/test-sending.js';

const HOUR_MS = 3_600_000;
const ANA = 'ana@example.net';
const MESSAGE = `From: Alice <${ALICE}>\r\nTo: ${ANA}\r\nSubject: x\r\n\r\ny\r\n`;

const directory = temporaryDirectory();
let device: TestDevice;
let sending: TestSending;
let submissionId: SubmissionId;

/** A message that waits for its time. */
beforeEach(async () => {
  device = await openTestDevice(directory);
  sending = new TestSending(device, new SubmissionProvider());
  submissionId = await sending.submit(MESSAGE, [ANA], { sendAtMs: device.clock.nowMs() + HOUR_MS });
});
afterEach(async () => {
  await sending.sender.stop();
  device.close();
});

const renew = (runsElsewhere = false): void => device.store.renewReplica(seededRandom('renewed'), { runsElsewhere });
const change = (changes: object): void => {
  device.store.transact((transaction) => transaction.put('submission', submissionId, { ...sending.found(submissionId), ...changes }));
};

test('what waited is sent by nobody until everything was received, and then once', async () => {
  renew();
  await sending.wait(2 * HOUR_MS);
  expect([sending.provider.taken, await sending.outbox.cancel(submissionId)]).toEqual([[], false]);
  sending.outbox.records.adoptFormer();
  await sending.sender.wake();
  sending.outbox.records.adoptFormer();
  await sending.wait(2 * HOUR_MS);
  expect(sending.provider.taken.map(({ forwardPaths }) => forwardPaths)).toEqual([[ANA]]);
  expect([sending.found(submissionId).ownerReplica, sending.outboxBlobs()]).toEqual([device.store.replicaUid, 0]);
});

test('it is found again after a restart, and after one more renewal', async () => {
  renew();
  device.store.renewReplica(seededRandom('renewed again'));
  await sending.sender.stop();
  device = device.reopen();
  sending = new TestSending(device, sending.provider);
  sending.outbox.records.adoptFormer();
  await sending.wait(2 * HOUR_MS);
  expect(sending.provider.taken).toHaveLength(1);
});

test.each<[string, () => void]>([
  ['another device owns', () => {
    change({ ownerReplica: 'B'.repeat(22) });
    renew();
  }],
  ['a copy that runs elsewhere owns', () => renew(true)],
  ['a newer state of this store has sent', () => {
    renew();
    change({ undoStatus: 'final', recipients: sending.found(submissionId).recipients.map((recipient) => ({ ...recipient, state: 'sent' })) });
  }],
  ['was made by a newer state of this store, which has the octets', () => {
    renew();
    device.store.deleteBlob(parseBlobNamespace('outbox'), parseBlobId(sending.found(submissionId).messageBlobId));
  }],
])('what %s is left alone', async (_what, happen) => {
  happen();
  sending.outbox.records.adoptFormer();
  await sending.wait(2 * HOUR_MS);
  expect(sending.provider.taken).toEqual([]);
});
