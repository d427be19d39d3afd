import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MAX_LISTED_NOTICES, parseEmailId, parseMailAddress, type SubmissionId } from '@paloma/shared-model';
import type { ReadDeliveryStatus, ReportedRecipient } from '@paloma/mail-format';
import type { Submission } from '@paloma/mail-store/port';
import { MemoryProvider, SyncEngine } from '@paloma/document-store';
import { mergers } from '@paloma/mail-store';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { ALICE, TEST_ACCOUNT_ID, openTestDevice, secretKeyOf, type TestDevice } from '../test/test-device.js';
import { SubmissionProvider } from '../test/submission-provider.js';
import { TestSending } from '../test/test-sending.js';

const [ANA, BOB, BLIND] = ['ana@example.net', 'bob@example.net', 'blind@example.net'] as const;
const MESSAGE = `From: Alice <${ALICE}>\r\nTo: ${ANA}, ${BOB}\r\nSubject: x\r\n\r\ny\r\n`;

const directory = temporaryDirectory();
let device: TestDevice;
let sending: TestSending;

/** All have keys, so that the blind recipient gets a copy of his own. */
beforeEach(async () => {
  device = await openTestDevice(directory);
  for (const address of [ANA, BOB, BLIND]) device.directory.publish(parseMailAddress(address), (await secretKeyOf(parseMailAddress(address))).certificate);
  sending = new TestSending(device, new SubmissionProvider());
});
afterEach(async () => {
  await sending.sender.stop();
  device.close();
});

/** ENVID of the copy that this recipient was sent. */
const envelopeIdOf = (forwardPath: string): string => {
  const copy = sending.provider.taken.find(({ forwardPaths }) => forwardPaths.includes(forwardPath));
  return copy!.notifications!.envelopeId!;
};

function arrive(envelopeId: string | null, recipients: readonly Partial<ReportedRecipient>[], name: string | null = 'notice', at = sending): void {
  const reported = { finalRecipient: ANA, originalRecipient: null, action: 'failed', status: '5.1.1', diagnostic: null, remoteMta: null, willRetryUntil: null } as const;
  const notice: ReadDeliveryStatus = { reportingMta: 'mx', envelopeId, arrivedAt: null, originalMessageId: null, recipients: recipients.map((changes) => ({ ...reported, ...changes })) };
  at.outbox.reports.record({ notice, emailId: name === null ? null : parseEmailId(name), receivedAtMs: at.device.clock.nowMs() });
}

async function shown(): Promise<Submission> {
  return (await sending.outbox.submissions())[0]!;
}

async function states(): Promise<string[][]> {
  return (await shown()).recipients.map(({ state, lastReply }) => (state === 'sent' ? [state] : [state, lastReply]));
}

describe('a notice about a message that was sent', () => {
  let submissionId: SubmissionId;
  beforeEach(async () => {
    submissionId = await sending.send(MESSAGE, [ANA, BOB, BLIND]);
  });

  test('tells whom it did not reach and whom it did, and is listed', async () => {
    expect(await states()).toEqual([['sent'], ['sent'], ['sent']]);
    arrive(envelopeIdOf(ANA), [{ diagnostic: '550 5.1.1 no such mailbox' }, { finalRecipient: 'BOB@example.net', action: 'delivered', status: '2.1.5' }]);
    expect(await states()).toEqual([['refused', '550 5.1.1 no such mailbox'], ['delivered', '2.1.5'], ['sent']]);
    expect((await shown()).noticeEmailIds).toEqual(['notice']);
  });

  test('is heard of by whoever watches, and known after a restart', async () => {
    let heard = 0;
    sending.outbox.subscribe(() => { heard += 1; });
    arrive(envelopeIdOf(ANA), [{}]);
    expect(heard).toBe(1);
    const { taken } = sending.provider;
    await sending.sender.stop();
    device = device.reopen();
    sending = new TestSending(device, sending.provider);
    expect(taken).toHaveLength(2);
    arrive(envelopeIdOf(BOB), [{ finalRecipient: BOB }], 'second');
    expect([await states(), (await shown()).noticeEmailIds]).toEqual([[['refused', '5.1.1'], ['refused', '5.1.1'], ['sent']], ['notice', 'second']]);
  });

  test.each<[string, Partial<ReportedRecipient>[], string[]]>([
    ['"delayed", "relayed" and "expanded" are no answers', (['delayed', 'relayed', 'expanded'] as const).map((action) => ({ action })), ['sent']],
    ['the original recipient counts where it was told', [{ finalRecipient: 'forwarded@example.com', originalRecipient: `rfc822;${ANA}` }], ['refused', '5.1.1']],
    ['what hosts say is one line, and not long', [{ diagnostic: `550\r\n\u0000${'x'.repeat(10_000)}` }], ['refused', `550 ${'x'.repeat(496)}`]],
  ])('%s', async (_what, reported, state) => {
    arrive(envelopeIdOf(ANA), reported);
    expect((await states())[0]).toEqual(state);
    expect((await shown()).noticeEmailIds).toEqual(['notice']);
  });

  test.each<[string, () => string | null, Partial<ReportedRecipient>[]]>([
    ['without an envelope id', () => null, [{}]],
    ['with one that was never given', () => 'forged', [{}]],
    ['with that of the submission and not of the copy', () => submissionId, [{}]],
    ['about somebody whom it was not sent to', () => envelopeIdOf(ANA), [{ finalRecipient: 'mallory@example.com' }, { finalRecipient: '' }, { finalRecipient: '__proto__' }]],
    ['about who gets another copy, by who has this one', () => envelopeIdOf(BLIND), [{ finalRecipient: ANA }]],
  ])('%s changes nothing', async (_what, envelopeId, reported) => {
    const before = await shown();
    arrive(envelopeId(), reported);
    expect([await shown(), device.store.list('delivery-report')]).toEqual([before, []]);
  });

  test('what was said for good stays; the list has an end, and has each notice once', async () => {
    arrive(envelopeIdOf(ANA), [{ action: 'delivered', status: '2.1.5' }]);
    arrive(envelopeIdOf(ANA), [{ action: 'failed' }]);
    for (let index = 0; index < MAX_LISTED_NOTICES + 1; index += 1) arrive(envelopeIdOf(ANA), [{}], `notice-${index}`);
    arrive(envelopeIdOf(BOB), [{ finalRecipient: BOB }], null);
    expect(await states()).toEqual([['delivered', '2.1.5'], ['refused', '5.1.1'], ['sent']]);
    expect((await shown()).noticeEmailIds).toEqual(['notice', ...Array.from({ length: MAX_LISTED_NOTICES - 1 }, (_, index) => `notice-${index}`)]);
  });
});

test('each copy has an envelope id of its own that nobody guesses, but where the program gave one', async () => {
  await sending.send(MESSAGE, [ANA, BOB, BLIND]);
  expect(new Set([envelopeIdOf(ANA), envelopeIdOf(BLIND)]).size).toBe(2);
  expect(envelopeIdOf(BOB)).toMatch(/^[\w-]{22}$/);
  expect((await shown()).envelopeId).toBeUndefined();
  sending.provider.taken.length = 0;
  await sending.send(`${MESSAGE}\r\n`, [ANA, BLIND], { notifications: { envelopeId: 'QQ', recipients: [] } });
  expect([ANA, BLIND].map(envelopeIdOf)).toEqual(['QQ', 'QQ']);
  arrive('QQ', [{ finalRecipient: BLIND }]);
  expect((await sending.outbox.submissions()).flatMap(({ recipients }) => recipients.map(({ state }) => state)).sort()).toEqual(['refused', 'sent', 'sent', 'sent', 'sent']);
});

test('a notice neither stops nor hastens what is still to be sent', async () => {
  sending.provider.recipientReply = (forwardPath) => (forwardPath === BOB ? '450 4.2.1 later' : null);
  const submissionId = await sending.send(MESSAGE, [ANA, BOB]);
  const before = sending.found(submissionId);
  arrive(envelopeIdOf(ANA), [{}, { finalRecipient: BOB }]);
  expect(sending.found(submissionId)).toEqual(before);
  expect(await states()).toEqual([['refused', '5.1.1'], ['waiting', '450 4.2.1 later']]);
});

test('an envelope id that a program gave two messages names none', async () => {
  for (const text of [MESSAGE, `${MESSAGE}\r\n`]) await sending.send(text, [ANA], { notifications: { envelopeId: 'QQ', recipients: [] } });
  arrive('QQ', [{}]);
  expect(device.store.list('delivery-report')).toEqual([]);
});

test('any device keeps what a notice says about what another one sent, once it knows of that', async () => {
  await sending.send(MESSAGE, [ANA]);
  const elsewhere = new TestSending(await openTestDevice(directory), sending.provider);
  const provider = new MemoryProvider({ accountId: TEST_ACCOUNT_ID, random: seededRandom('provider') });
  const sync = async ({ store, clock, random }: TestDevice): Promise<void> => {
    expect((await new SyncEngine({ store, transport: provider, mergers, clock, random }).sync()).failure).toBeNull();
  };
  arrive(envelopeIdOf(ANA), [{}], 'early', elsewhere);
  for (const each of [device, elsewhere.device]) await sync(each);
  arrive(envelopeIdOf(ANA), [{}], 'notice', elsewhere);
  arrive(envelopeIdOf(ANA), [{ action: 'delivered' }], 'another', sending);
  for (const each of [device, elsewhere.device, device]) await sync(each);
  expect([await states(), (await shown()).noticeEmailIds]).toEqual([[['refused', '5.1.1']], ['another', 'notice']]);
  expect(await elsewhere.outbox.submissions()).toEqual(await sending.outbox.submissions());
  await elsewhere.sender.stop();
  elsewhere.device.close();
});
