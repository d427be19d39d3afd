import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_MESSAGE_BYTES, MAX_RECIPIENTS, parseEmailId } from '@paloma/shared-model';
import type { SubmissionInput } from '@paloma/mail-store/port';
import { temporaryDirectory } from '@paloma/test-kit';
import { ALICE, messagesIn, openTestDevice, type TestDevice } from '../test/test-device.js';
import { SubmissionProvider } from '../test/submission-provider.js';
import { TestSending } from '../test/test-sending.js';

const DAY_MS = 24 * 3_600_000;
const ANA = 'ana@example.net';
const MESSAGE = `From: Alice <${ALICE}>\r\nTo: ${ANA}\r\nSubject: x\r\n\r\ny\r\n`;

const directory = temporaryDirectory();
let device: TestDevice;
let sending: TestSending;

beforeEach(async () => {
  device = await openTestDevice(directory);
  sending = new TestSending(device, new SubmissionProvider());
});
afterEach(async () => {
  await sending.sender.stop();
  device.close();
});

const submit = (changes: Partial<SubmissionInput> & { text?: string } = {}) =>
  sending.outbox.submit({ octets: Buffer.from(changes.text ?? MESSAGE), reversePath: ALICE, forwardPaths: [ANA], ...changes });

describe('refuses', () => {
  test.each<[string, Partial<SubmissionInput> & { text?: string }, string]>([
    ['the null reverse path', { reversePath: '' }, 'forbiddenFrom'],
    ['a foreign reverse path', { reversePath: ANA }, 'forbiddenFrom'],
    ['a reverse path that is no address', { reversePath: 'alice' }, 'forbiddenFrom'],
    ['a foreign From', { text: MESSAGE.replace(ALICE, ANA) }, 'forbiddenFrom'],
    ['a foreign address beside the own in From', { text: MESSAGE.replace(`<${ALICE}>`, `<${ALICE}>, ${ANA}`) }, 'forbiddenFrom'],
    ['a second From field', { text: `From: ${ALICE}\r\n${MESSAGE}` }, 'forbiddenFrom'],
    ['a foreign Sender', { text: `Sender: ${ANA}\r\n${MESSAGE}` }, 'forbiddenFrom'],
    ['no From', { text: 'Subject: x\r\n\r\ny' }, 'forbiddenFrom'],
    ['no octets', { text: '' }, 'forbiddenFrom'],
    ['no recipients', { forwardPaths: [] }, 'noRecipients'],
    ['a recipient that is no address', { forwardPaths: [ANA, 'ana example.net'] }, 'invalidRecipients'],
    ['more recipients than the provider takes', { forwardPaths: Array.from({ length: MAX_RECIPIENTS + 1 }, (_, index) => `r${index}@example.net`) }, 'tooManyRecipients'],
    ['a message over the limit', { octets: Buffer.concat([Buffer.from(MESSAGE), Buffer.alloc(MAX_MESSAGE_BYTES)]) }, 'tooLarge'],
  ])('%s', async (_what, changes, refusal) => {
    expect(await submit(changes)).toEqual({ ok: false, refusal });
    expect(device.store.list('submission')).toEqual([]);
    expect(await messagesIn(device, 'sent')).toEqual([]);
  });
});

test('an own address is taken in any case, and a recipient once', async () => {
  expect(await submit({ reversePath: 'ALICE@Example.ORG', forwardPaths: [ANA, ANA] })).toMatchObject({ ok: true });
  expect(device.store.list('submission')[0]?.content.recipients).toHaveLength(1);
});

test('whoever hears of a new submission finds it among those that have something to do', async () => {
  const unfinished: number[] = [];
  sending.outbox.subscribe(() => unfinished.push(sending.outbox.records.unfinished().length));
  await submit({ emailId: parseEmailId('E1') });
  expect(unfinished).toEqual([1]);
});

test('what a mail program leaves out is added once and for all copies', async () => {
  await submit();
  const [copy] = await messagesIn(device, 'sent');
  expect(copy).toMatch(/^Date: Thu, 1 Jan 2026 00:00:00 \+0000\r\nMessage-ID: <[^>]+@example\.org>\r\nFrom: Alice/);
  expect(copy?.endsWith(MESSAGE)).toBe(true);
});

describe('the same message to the same recipients', () => {
  test('is one submission and one copy, at the same time and later', async () => {
    const first = await Promise.all([submit(), submit()]);
    await sending.sender.wake();
    expect(new Set([...first, await submit()].map((outcome) => outcome.ok && outcome.submissionId)).size).toBe(1);
    expect(await messagesIn(device, 'sent')).toHaveLength(1);
    expect(sending.provider.taken).toHaveLength(1);
  });

  test.each<[string, () => Promise<void>]>([
    ['was cancelled', async () => {
      await sending.outbox.cancel(await sending.submit(MESSAGE, [ANA], { sendAtMs: device.clock.nowMs() + DAY_MS }));
    }],
    ['was refused to everybody', async () => {
      sending.provider.recipientReply = () => '550 5.7.1 no';
      await sending.send(MESSAGE, [ANA]);
      sending.provider.recipientReply = () => null;
    }],
    ['was sent a day ago', async () => {
      await sending.send(MESSAGE, [ANA]);
      device.clock.advance(DAY_MS);
    }],
  ])('is a new one when the first %s', async (_what, happen) => {
    await happen();
    const before = sending.provider.taken.length;
    await sending.send(MESSAGE, [ANA]);
    expect(sending.provider.taken).toHaveLength(before + 1);
    expect(await sending.outbox.submissions()).toHaveLength(2);
  });
});

test('a submission of another device can be watched and not cancelled', async () => {
  const submissionId = await sending.submit(MESSAGE, [ANA], { sendAtMs: device.clock.nowMs() + DAY_MS });
  device.store.transact((transaction) => transaction.put('submission', submissionId, { ...sending.found(submissionId), ownerReplica: 'B'.repeat(22) }));
  expect(await sending.outbox.cancel(submissionId)).toBe(false);
  expect(await sending.outbox.submissions()).toMatchObject([{ submissionId, undoStatus: 'pending' }]);
});

test('listeners hear of every change until they end', async () => {
  let heard = 0;
  const end = sending.outbox.subscribe(() => { heard += 1; });
  await sending.send(MESSAGE, [ANA]);
  expect(heard).toBeGreaterThanOrEqual(2);
  end();
  const before = heard;
  await sending.send(`${MESSAGE}z`, [ANA]);
  expect(heard).toBe(before);
});

test('what a composer asks about recipients is answered for each', async () => {
  device.directory.answers.set('bob@example.net', 'lookupFailed');
  expect(await sending.outbox.resolveRecipients([ANA, 'bob@example.net', 'nobody', ALICE])).toMatchObject([
    { address: ANA, state: 'noKey', fingerprint: null }, { state: 'lookupFailed' }, { state: 'invalid' }, { state: 'verified', fingerprint: expect.stringMatching(/^[0-9A-F]{40}$/) },
  ]);
});
