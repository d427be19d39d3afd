import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseMailAddress, type RecipientNotification } from '@paloma/shared-model';
import { decryptMessage, generateSecretKey } from '@paloma/crypto/secret';
import { encryptedOctets, findField, parseMessage, signedOctets } from '@paloma/mail-format';
import { temporaryDirectory } from '@paloma/test-kit';
import { ALICE, messagesIn, openTestDevice, secretKeyOf, type TestDevice } from '../test/test-device.js';
import { SubmissionProvider } from '../test/submission-provider.js';
import { TestSending } from '../test/test-sending.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const [ANA, BOB, CAROL] = (['ana@example.net', 'bob@example.net', 'carol@example.net'] as const).map(parseMailAddress) as [typeof ALICE, typeof ALICE, typeof ALICE];
const MESSAGE = `From: Alice <${ALICE}>\r\nTo: ${ANA}\r\nBcc: ${BOB}\r\nSubject: canary-subject\r\n\r\ncanary-body\r\n`;

const directory = temporaryDirectory();
let device: TestDevice;
let provider: SubmissionProvider;
let sending: TestSending;

beforeEach(async () => {
  device = await openTestDevice(directory);
  provider = new SubmissionProvider();
  sending = new TestSending(device, provider);
});
afterEach(async () => {
  await sending.sender.stop();
  device.close();
});

/** The same device after its process died. */
function restart(): void {
  device = device.reopen();
  sending = new TestSending(device, provider);
}

async function publishKey(address: typeof ALICE): Promise<Uint8Array> {
  const { certificate, transferableSecretKey } = await secretKeyOf(address);
  device.directory.publish(address, certificate);
  return transferableSecretKey;
}

async function opened(octets: Uint8Array, secretKey: Uint8Array): Promise<string | null> {
  const message = encryptedOctets(octets, parseMessage(octets).rootPart);
  const decrypted = message && await decryptMessage({ message, secretKeys: [secretKey], verificationCertificates: [device.keyring.ownCertificate()], nowMs: device.clock.nowMs() });
  return decrypted?.ok && decrypted.signature === 'valid' ? Buffer.from(decrypted.octets).toString() : null;
}

const messageIdOf = (octets: Uint8Array): string | undefined => findField(parseMessage(octets).headers, 'Message-ID')?.text;

describe('each recipient', () => {
  test('with a key gets the message encrypted, readable and signed, and nothing of it on the outside', async () => {
    const secretKey = await publishKey(ANA);
    const submissionId = await sending.send(MESSAGE, [ANA]);
    expect(sending.recipients(submissionId)).toEqual({ [ANA]: ['sent', 'encrypted', '250 2.0.0 taken by the provider'] });
    const { octets } = provider.taken[0]!;
    expect(octets.toString()).not.toMatch(/canary/);
    expect(octets.toString()).toMatch(/^Subject: \[\.\.\.\]\r$/m);
    expect(octets.toString()).toMatch(/^Autocrypt: addr=alice@example\.org;/m);
    expect(await opened(octets, secretKey)).toMatch(/Subject: canary-subject\r\n[^]*canary-body/);
  });

  test('without a key gets it signed', async () => {
    const submissionId = await sending.send(MESSAGE, [ANA]);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['sent', 'signedOnly', expect.anything()] });
    const { octets } = provider.taken[0]!;
    expect(signedOctets(octets, parseMessage(octets).rootPart)).not.toBeNull();
    expect(octets.toString()).toMatch(/canary-body/);
  });

  test('whose key could not be looked up waits; the others do not', async () => {
    device.directory.answers.set(ANA, 'lookupFailed');
    const submissionId = await sending.send(MESSAGE, [ANA, CAROL]);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['waiting', 'undecided', expect.stringContaining('could not be looked up')], [CAROL]: ['sent', 'signedOnly', expect.anything()] });
    const secretKey = await publishKey(ANA);
    await sending.wait(10 * 60_000);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['sent', 'encrypted', expect.anything()] });
    expect(provider.taken.map(({ forwardPaths }) => forwardPaths)).toEqual([[CAROL], [ANA]]);
    expect(await opened(provider.taken[1]!.octets, secretKey)).toContain('canary-body');
  });

  test('whose key changed waits for the user, and no longer', async () => {
    const [known, other] = [await secretKeyOf(ANA), await generateSecretKey({ address: ANA, name: '', nowMs: device.clock.nowMs() })];
    for (const { certificate } of [known, other]) await device.keyring.accept(ANA, certificate, { source: 'import', level: 'knownKey' });
    const submissionId = await sending.send(MESSAGE, [ANA]);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['waiting', 'undecided', expect.stringContaining('changed')] });
    expect(provider.taken).toEqual([]);
    device.keyring.takeRefused(ANA);
    await sending.sender.wake();
    expect(await opened(provider.taken[0]!.octets, other.transferableSecretKey)).toContain('canary-body');
  });

  test('who is blind gets a copy that the others cannot learn of him from, with the same Message-ID', async () => {
    const [anasKey, bobsKey] = [await publishKey(ANA), await publishKey(BOB)];
    await sending.send(MESSAGE, [ANA, BOB]);
    expect(provider.taken.map(({ forwardPaths }) => forwardPaths)).toEqual([[ANA], [BOB]]);
    const [toAna, toBob] = provider.taken.map(({ octets }) => octets) as [Buffer, Buffer];
    expect(await opened(toAna, bobsKey)).toBeNull();
    expect(await opened(toBob, anasKey)).toBeNull();
    expect(`${toAna.toString()}${toBob.toString()}${await opened(toAna, anasKey)}${await opened(toBob, bobsKey)}`).not.toMatch(/^Bcc|bob@/m);
    expect(messageIdOf(toAna)).toMatch(/^<.+@example\.org>$/);
    expect(messageIdOf(toBob)).toBe(messageIdOf(toAna));
    expect(messageIdOf(Buffer.from((await messagesIn(device, 'sent'))[0]!))).toBe(messageIdOf(toAna));
  });

  test('who got it encrypted has used his key', async () => {
    await publishKey(ANA);
    provider.recipientReply = () => '451 4.3.0 later';
    await sending.send(MESSAGE, [ANA]);
    const wasUsed = (): boolean | undefined => device.store.list('trust')[0]?.content.wasUsedToEncrypt;
    expect(wasUsed()).toBe(false);
    provider.recipientReply = () => null;
    await sending.wait(HOUR_MS);
    expect(wasUsed()).toBe(true);
  });
});

describe('refused recipients', () => {
  test('are told to the user in his INBOX, and keep nobody else from the message', async () => {
    provider.recipientReply = (path) => (path === BOB ? '550 5.1.1 no such mailbox' : null);
    const submissionId = await sending.send(MESSAGE, [ANA, BOB]);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['sent', 'signedOnly', expect.anything()], [BOB]: ['refused', 'signedOnly', '550 5.1.1 no such mailbox'] });
    const [notice, ...others] = await messagesIn(device, 'inbox');
    expect(others).toEqual([]);
    expect(notice).toMatch(/Final-Recipient: rfc822; bob@example\.net\r\nAction: failed\r\nStatus: 5\.1\.1\r\nDiagnostic-Code: smtp; 550 5\.1\.1 no such mailbox/);
    expect(notice).toContain('Subject: canary-subject');
    expect(notice).not.toContain('canary-body');
    expect(notice).not.toContain('Final-Recipient: rfc822; ana');
  });

  test('are told as the user asked: not of those with NOTIFY=NEVER, and with ENVID, ORCPT and the whole message where he wants it', async () => {
    provider.recipientReply = () => '550 5.1.1 no such mailbox';
    const recipients: RecipientNotification[] = [{ notify: [] }, { notify: ['FAILURE'], originalRecipient: 'rfc822;Bob@example.net' }, { notify: ['SUCCESS'] }];
    const submissionId = await sending.send(MESSAGE, [ANA, BOB, CAROL], { notifications: { envelopeId: 'QQ1', returnedPart: 'FULL', recipients } });
    expect(Object.values(sending.recipients(submissionId)).map(([state]) => state)).toEqual(['refused', 'refused', 'refused']);
    const [notice, ...others] = await messagesIn(device, 'inbox');
    expect(others).toEqual([]);
    expect(notice).toMatch(/Original-Envelope-Id: QQ1\r\n[^]*Original-Recipient: rfc822; Bob@example\.net\r\nFinal-Recipient: rfc822; bob@example\.net\r\nAction: failed/);
    expect(notice).toContain('canary-body');
    expect(notice).not.toMatch(/Final-Recipient: rfc822; (?:ana|carol)/);
  });

  test('are not told when nobody wants to hear of them', async () => {
    provider.recipientReply = () => '550 5.1.1 no such mailbox';
    await sending.send(MESSAGE, [BOB], { notifications: { recipients: [{ notify: [] }] } });
    expect(await messagesIn(device, 'inbox')).toEqual([]);
  });

  test('of a message that the provider finds too large are told so at once', async () => {
    const submissionId = await sending.send(`${MESSAGE}${'x'.repeat(70)}\r\n`.padEnd(provider.maxMessageBytes + 10, '0123456789\r\n'), [ANA]);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['refused', 'signedOnly', expect.stringMatching(/^552 5\.3\.4 /)] });
    expect(await messagesIn(device, 'inbox')).toHaveLength(1);
  });

  test('include those whom nobody could reach for five days, and not before', async () => {
    device.directory.answers.set(ANA, 'lookupFailed');
    const submissionId = await sending.send(MESSAGE, [ANA]);
    await sending.wait(5 * DAY_MS - HOUR_MS);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['waiting', 'undecided', expect.anything()] });
    await sending.wait(2 * HOUR_MS);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['refused', 'undecided', expect.stringMatching(/^554 5\.4\.7 not sent in time: .+looked up/)] });
    expect(await messagesIn(device, 'inbox')).toEqual([expect.stringContaining('Status: 5.4.7')]);
    expect(sending.outboxBlobs()).toBe(0);
  });
});

describe('what has to wait', () => {
  test('is sent again on schedule, in the same octets', async () => {
    await publishKey(ANA);
    provider.losesAnswer = true;
    const submissionId = await sending.send(MESSAGE, [ANA]);
    expect(sending.scheduler.delaysMs).toEqual([10_000]);
    await sending.wait(9_999);
    expect(provider.taken).toHaveLength(1);
    expect(sending.scheduler.delaysMs).toEqual([1_000]);
    provider.losesAnswer = false;
    device.clock.advance(1);
    sending.scheduler.pass();
    await sending.sender.wake();
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['sent', 'encrypted', expect.anything()] });
    expect(provider.taken[1]!.octets.equals(provider.taken[0]!.octets)).toBe(true);
    expect(sending.scheduler.delaysMs).toEqual([]);
  });

  test.each<[string, () => void, string]>([
    ['the provider puts it off', () => { provider.messageReply = () => '452 4.3.1 disk full'; }, '452 4.3.1 disk full'],
    ['the session is no longer valid', () => { provider.loginReply = () => '535 5.7.8 no'; }, 'the provider asks you to sign in again'],
    ['the network is gone', () => { provider.isReachable = false; }, 'the provider could not be reached'],
  ])('when %s says why and goes out later', async (_why, happen, lastReply) => {
    happen();
    const submissionId = await sending.send(MESSAGE, [ANA]);
    expect(sending.recipients(submissionId)).toEqual({ [ANA]: ['waiting', 'signedOnly', lastReply] });
    Object.assign(provider, { messageReply: () => null, loginReply: () => null, isReachable: true });
    await sending.wait(HOUR_MS);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['sent', 'signedOnly', expect.anything()] });
    expect(await messagesIn(device, 'inbox')).toEqual([]);
  });

  test('goes out at once when the provider is back, but not before its time', async () => {
    provider.isReachable = false;
    const later = device.clock.nowMs() + DAY_MS;
    const [waiting, notYet] = [await sending.send(MESSAGE, [ANA]), await sending.send(MESSAGE, [BOB], { sendAtMs: later })];
    provider.isReachable = true;
    sending.outbox.records.attemptWaiting(device.clock.nowMs());
    await sending.sender.wake();
    expect(sending.recipients(waiting)).toMatchObject({ [ANA]: ['sent', 'signedOnly', expect.anything()] });
    expect(sending.found(notYet)).toMatchObject({ attempts: 0, nextAttemptAtMs: later });
  });

  test('until a time of the user\'s choice is neither looked up nor protected before', async () => {
    await publishKey(ANA);
    const sendAtMs = device.clock.nowMs() + 6 * DAY_MS;
    const submissionId = await sending.send(MESSAGE, [ANA], { sendAtMs });
    expect(device.directory.asked).toEqual([]);
    expect(sending.found(submissionId)).toMatchObject({ transmissions: [], undoStatus: 'pending', attempts: 0, nextAttemptAtMs: sendAtMs });
    expect(sending.scheduler.delaysMs).toEqual([DAY_MS]);
    expect(await messagesIn(device, 'sent')).toHaveLength(1);
    provider.isReachable = false;
    await sending.wait(6 * DAY_MS);
    expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['waiting', 'encrypted', expect.anything()] });
    provider.isReachable = true;
    await sending.wait(HOUR_MS);
    expect(provider.taken).toHaveLength(1);
  });

  test('keeps octets that another submission of the same message no longer needs', async () => {
    const message = `Date: Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <one@example.org>\r\n${MESSAGE}`;
    device.directory.answers.set(ANA, 'lookupFailed');
    const waiting = await sending.send(message, [ANA]);
    await sending.send(message, [BOB]);
    const cancelled = await sending.submit(message, [CAROL], { sendAtMs: device.clock.nowMs() + HOUR_MS });
    expect(await sending.outbox.cancel(cancelled)).toBe(true);
    expect(sending.outboxBlobs()).toBe(1);
    device.directory.answers.set(ANA, 'noKey');
    await sending.wait(10 * 60_000);
    expect(sending.recipients(waiting)).toMatchObject({ [ANA]: ['sent', 'signedOnly', expect.anything()] });
    expect(sending.outboxBlobs()).toBe(0);
  });
});

describe('cancelling', () => {
  test('is possible while nothing has left, also when the provider cannot be reached', async () => {
    provider.isReachable = false;
    const submissionId = await sending.send(MESSAGE, [ANA, BOB]);
    expect(await sending.outbox.cancel(submissionId)).toBe(true);
    expect(await sending.outbox.cancel(submissionId)).toBe(false);
    provider.isReachable = true;
    await sending.wait(DAY_MS);
    expect(provider.taken).toEqual([]);
    expect(sending.found(submissionId)).toMatchObject({ undoStatus: 'canceled', transmissions: [], recipients: [{ state: 'cancelled' }, { state: 'cancelled' }] });
    expect(sending.outboxBlobs()).toBe(0);
  });

  test('in the last moment before the first octets leave is heard', async () => {
    let isCancelled: Promise<boolean> | undefined;
    const submissionId = await sending.submit(MESSAGE, [ANA]);
    provider.loginReply = () => {
      isCancelled = sending.outbox.cancel(submissionId);
      return null;
    };
    await sending.sender.wake();
    expect(await isCancelled).toBe(true);
    expect(provider.taken).toEqual([]);
    expect(sending.found(submissionId).undoStatus).toBe('canceled');
  });

  test('once the first octets leave is too late', async () => {
    let isCancelled: Promise<boolean> | undefined;
    const submissionId = await sending.submit(MESSAGE, [ANA]);
    provider.recipientReply = () => {
      isCancelled ??= sending.outbox.cancel(submissionId);
      return null;
    };
    await sending.sender.wake();
    expect(await isCancelled).toBe(false);
    expect(provider.taken).toHaveLength(1);
    expect(sending.found(submissionId).undoStatus).toBe('final');
  });

  test('while a copy is being made leaves nothing behind', async () => {
    const submissionId = await sending.submit(MESSAGE, [ANA]);
    const { answers } = device.directory;
    device.directory.lookUp = async (address) => {
      await sending.outbox.cancel(submissionId);
      return answers.get(address) ?? 'noKey';
    };
    await sending.sender.wake();
    expect(provider.taken).toEqual([]);
    expect(sending.outboxBlobs()).toBe(0);
  });
});

describe('a process that dies between any two steps', () => {
  test('sends the same octets again, one copy at most, and tells of a refusal once', async () => {
    let hasDied = true;
    for (let commits = 0; hasDied; commits += 1) hasDied = await dieAndRevive(commits);
  }, 60_000);

  /** Sends to two with a key, one of them blind, and to one who is refused; dies after so many commits. False when it lived. */
  async function dieAndRevive(commits: number): Promise<boolean> {
    const outside = new SubmissionProvider();
    outside.recipientReply = (path) => (path === CAROL ? '550 5.1.1 no such mailbox' : null);
    const fresh = await openTestDevice(directory);
    for (const address of [ANA, BOB]) fresh.directory.publish(address, (await secretKeyOf(address)).certificate);
    const dying = new TestSending(fresh, outside);
    const hasDied = dieAfter(commits, fresh, outside);
    await dying.send(MESSAGE, [ANA, BOB, CAROL]).catch(() => null);
    await dying.sender.stop();

    outside.isReachable = true;
    const revived = new TestSending(fresh.reopen(), outside);
    const submissionId = await revived.send(MESSAGE, [ANA, BOB, CAROL]);
    await revived.wait(HOUR_MS);
    expect(Object.values(revived.recipients(submissionId)).map(([state]) => state)).toEqual(['sent', 'sent', 'refused']);
    for (const recipient of [ANA, BOB]) {
      const copies = outside.taken.filter(({ forwardPaths }) => forwardPaths.includes(recipient)).map(({ octets }) => octets.toString('latin1'));
      expect(new Set(copies).size).toBe(1);
    }
    expect(outside.taken.length).toBeLessThanOrEqual(3);
    const { device: survivor } = revived;
    expect([await messagesIn(survivor, 'sent'), await messagesIn(survivor, 'inbox'), survivor.store.list('submission')].map(({ length }) => length)).toEqual([1, 1, 1]);
    expect(revived.outboxBlobs()).toBe(0);
    await revived.sender.stop();
    survivor.close();
    return hasDied();
  }

  /** After so many commits nothing is written and nothing leaves any more. */
  function dieAfter(commits: number, { store }: TestDevice, outside: SubmissionProvider): () => boolean {
    let left = commits;
    const transact = store.transact.bind(store);
    store.transact = (work, options) => {
      left -= 1;
      if (left >= 0) return transact(work, options);
      outside.isReachable = false;
      throw new Error('dead');
    };
    return () => left < 0;
  }
});

test('after a restart the outbox goes on by itself', async () => {
  provider.isReachable = false;
  const submissionId = await sending.send(MESSAGE, [ANA]);
  await sending.sender.stop();
  provider.isReachable = true;
  restart();
  await sending.wait(HOUR_MS);
  expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['sent', 'signedOnly', expect.anything()] });
});

test('stopping breaks off what is being sent, and it is not lost', async () => {
  const submissionId = await sending.submit(MESSAGE, [ANA]);
  await sending.sender.stop();
  expect(provider.taken).toEqual([]);
  restart();
  await sending.sender.wake();
  expect(sending.recipients(submissionId)).toMatchObject({ [ANA]: ['sent', 'signedOnly', expect.anything()] });
});
