import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parseBlobId, parseBlobNamespace, parseEmailId, parseMailAddress, parseReplicaUid, type SecurityFacts } from '@paloma/shared-model';
import { armor, encryptToCertificates } from '@paloma/crypto/public';
import { encryptAndSign, generateSecretKey, signDetached, type GeneratedSecretKey } from '@paloma/crypto/secret';
import { MemoryProvider, SyncEngine } from '@paloma/document-store';
import { formatAutocryptHeader } from '@paloma/keyring';
import { formatPgpMimeEncrypted, formatPgpMimeSigned, protectHeaders } from '@paloma/mail-format';
import { mergers } from '@paloma/mail-store';
import { seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { ManualScheduler } from '../test/manual-scheduler.js';
import { MemoryIncomingBox } from '../test/memory-incoming-box.js';
import { ALICE, TEST_ACCOUNT_ID, messagesIn, openTestDevice, secretKeyOf, silentLog, type TestDevice } from '../test/test-device.js';
import type { ArrivedNotice } from '../outgoing/delivery-reports.js';
import { IncomingPipeline } from './incoming-pipeline.js';
import { Quarantine } from './quarantine.js';

const BOB = parseMailAddress('bob@example.net');
const MALLORY = parseMailAddress('mallory@example.com');
const MESSAGE = `From: Bob <${BOB}>\r\nTo: ${ALICE}\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\nSubject: plans\r\n\r\nat noon\r\n`;
/** The MX tells that a message was not delivered. */
const NOTICE = [
  'From: <mailer-daemon@example.org>', `To: ${ALICE}`, 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '', '--b', '', 'Sorry.',
  '--b', 'Content-Type: message/delivery-status', '', 'Original-Envelope-Id: QQ', 'Reporting-MTA: dns; mx.example.org', '',
  'Final-Recipient: rfc822; ana@example.net', 'Action: failed', 'Status: 5.1.1', '', '--b--', '',
].join('\r\n');

const directory = temporaryDirectory();
let device: TestDevice;
let provider: MemoryProvider;
let box: MemoryIncomingBox;
let scheduler: ManualScheduler;
let pipeline: IncomingPipeline;
let syncFailure: Error | null;
let notices: ArrivedNotice[];

beforeEach(async () => {
  device = await openTestDevice(directory);
  provider = new MemoryProvider({ accountId: TEST_ACCOUNT_ID, random: seededRandom('provider') });
  box = new MemoryIncomingBox(device.clock, seededRandom('box'));
  start();
});
afterEach(async () => {
  await pipeline.stop();
  device.close();
});

function start(): void {
  const { store, mailStore, keyring, clock, random } = device;
  const engine = new SyncEngine({ store, transport: provider, mergers, clock, random });
  syncFailure = null;
  notices = [];
  scheduler = new ManualScheduler();
  pipeline = new IncomingPipeline({
    box, replicaUid: () => store.replicaUid, keyring, mailStore, quarantine: new Quarantine(store), onNotice: (arrived) => notices.push(arrived), clock, random, scheduler, log: silentLog,
    syncUp: async () => {
      if (syncFailure) throw syncFailure;
      expect((await engine.sync()).failure).toBeNull();
    },
  });
}

/** The same device after its process died. */
function restart(): void {
  device = device.reopen();
  start();
}

/** As the MX does. */
async function arrive(message: string | Uint8Array): Promise<string> {
  const sealed = await encryptToCertificates(Buffer.from(message), [device.keyring.ownCertificate()], device.clock.nowMs());
  return box.put(sealed.ok ? sealed.message : new Uint8Array());
}

async function received(message: string | Uint8Array): Promise<{ text: string; security: SecurityFacts }> {
  await arrive(message);
  await pipeline.wake();
  const [document] = device.store.list('message');
  return { text: (await messagesIn(device, 'inbox'))[0]!, security: document!.content.security };
}

interface Protection {
  key?: GeneratedSecretKey;
  /** Header on the outside in place of the message's own. */
  outside?: string;
}

/** PGP/MIME encrypted to Alice with protected header fields; signed when there is a key. */
async function encrypted(message: string, { key, outside }: Protection = {}): Promise<Uint8Array> {
  const { outerHeaders, innerEntity } = protectHeaders(Buffer.from(message), { encrypt: true });
  const [certificates, nowMs] = [[device.keyring.ownCertificate()], device.clock.nowMs()];
  const sealed = key ? await encryptAndSign({ octets: innerEntity, certificates, secretKey: key.transferableSecretKey, nowMs }) : await encryptToCertificates(innerEntity, certificates, nowMs);
  if (!sealed.ok) throw new Error(sealed.reason);
  return formatPgpMimeEncrypted({ outerHeaders: outside === undefined ? outerHeaders : Buffer.from(outside), armoredMessage: armor('message', sealed.message) }, () => 'boundary');
}

/** PGP/MIME signed with protected header fields. */
async function signed(message: string, { key, outside }: Required<Pick<Protection, 'key'>> & Protection): Promise<Uint8Array> {
  const { outerHeaders, innerEntity } = protectHeaders(Buffer.from(message), { encrypt: false });
  const { signature, micalg } = await signDetached(innerEntity, key.transferableSecretKey, device.clock.nowMs());
  return formatPgpMimeSigned({ outerHeaders: outside === undefined ? outerHeaders : Buffer.from(outside), innerEntity, armoredSignature: armor('signature', signature), micalg }, () => 'boundary');
}

async function knowing(address: typeof BOB, isVerified = false): Promise<GeneratedSecretKey> {
  const key = await secretKeyOf(address);
  device.directory.publish(address, key.certificate);
  await device.keyring.resolve(address);
  if (isVerified) device.keyring.verifyFingerprint(address, key.fingerprint);
  return key;
}

describe('filing', () => {
  test('puts each item into INBOX once, syncs it up, and only then acknowledges it', async () => {
    await arrive(MESSAGE);
    const settle = box.settle.bind(box);
    let documentsAtSettle = 0;
    box.settle = (request) => {
      documentsAtSettle = provider.documents.size;
      return settle(request);
    };
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toEqual([MESSAGE]);
    expect(documentsAtSettle).toBeGreaterThan(0);
    expect(box.itemIds).toEqual([]);
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toHaveLength(1);
  });

  test('takes all that is waiting, more than one lease of it', async () => {
    for (let index = 0; index < 40; index += 1) await arrive(MESSAGE.replace('plans', `plans ${index}`));
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toHaveLength(40);
    expect(box.itemIds).toEqual([]);
  });

  test('without a sync acknowledges nothing, and later files nothing twice', async () => {
    await arrive(MESSAGE);
    syncFailure = new Error('offline');
    await pipeline.wake();
    expect(box.itemIds).toHaveLength(1);
    expect(scheduler.delaysMs).toHaveLength(1);
    syncFailure = null;
    scheduler.pass();
    await pipeline.wake();
    expect(box.itemIds).toEqual([]);
    expect(await messagesIn(device, 'inbox')).toHaveLength(1);
  });

  test('done before a crash is not done again, nor is what the user destroyed meanwhile', async () => {
    await arrive(MESSAGE);
    await arrive(MESSAGE.replace('plans', 'spam'));
    syncFailure = new Error('offline');
    await pipeline.wake();
    restart();
    const [email] = device.store.list('email');
    await device.mailStore.destroyEmails([parseEmailId(email!.content.emailId)]);
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toHaveLength(1);
    expect(box.itemIds).toEqual([]);
  });

  test('a notice is told of when what other devices sent is known here, once, also when the user has destroyed it', async () => {
    await arrive(NOTICE);
    syncFailure = new Error('offline');
    await pipeline.wake();
    expect(notices).toEqual([]);
    restart();
    await device.mailStore.destroyEmails(device.store.list('email').map(({ content }) => parseEmailId(content.emailId)));
    await pipeline.wake();
    expect(notices).toMatchObject([{ emailId: null, notice: { envelopeId: 'QQ', recipients: [{ finalRecipient: 'ana@example.net', action: 'failed' }] } }]);
  });

  test('a notice that cannot be kept is mail like any other', async () => {
    await arrive(NOTICE);
    notices.push = () => { throw new Error('disk full'); };
    await pipeline.wake();
    expect([await messagesIn(device, 'inbox'), box.itemIds]).toEqual([[NOTICE], []]);
  });

  test('leaves alone what another device has leased', async () => {
    await arrive(MESSAGE);
    await box.lease(parseReplicaUid('B'.repeat(22)), 1);
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toEqual([]);
    expect(box.itemIds).toHaveLength(1);
  });

  test('an item whose lease was lost is left to the other device, and does not keep this one busy', async () => {
    await arrive(MESSAGE);
    box.fetch = async function* (items) {
      for (const { itemId } of items) yield { itemId, lost: true };
    };
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toEqual([]);
    expect(box.itemIds).toHaveLength(1);
  });

  test('octets that nobody asked for are not filed', async () => {
    await arrive(MESSAGE);
    const stranger = new MemoryIncomingBox(device.clock, seededRandom('stranger')).put(new Uint8Array(1));
    const fetch = box.fetch.bind(box);
    box.fetch = async function* (items) {
      yield { itemId: stranger, octets: new Uint8Array(1) };
      yield* fetch(items);
    };
    await pipeline.wake();
    expect(device.store.list('email')).toHaveLength(1);
    expect(device.store.list('quarantine-item')).toEqual([]);
  });

  test('one that fails is given back as failed, and the others are filed', async () => {
    const itemId = await arrive(MESSAGE.replace('plans', 'first'));
    await arrive(MESSAGE);
    const append = device.mailStore.append.bind(device.mailStore);
    device.mailStore.append = (input) => (input.source?.sourceId === itemId ? Promise.reject(new Error('disk')) : append(input));
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toEqual([MESSAGE]);
    expect(box.failures).toMatchObject([{ itemId, reason: 'internal' }]);
    expect(box.itemIds).toEqual([itemId]);
  });

  test('when the box cannot be reached is tried again, and not after stopping', async () => {
    box.lease = () => Promise.reject(new Error('offline'));
    await pipeline.wake();
    await pipeline.wake();
    expect(scheduler.delaysMs).toHaveLength(1);
    await pipeline.stop();
    expect(scheduler.delaysMs).toEqual([]);
  });
});

describe('quarantine', () => {
  const octetsOf = (blobId: string): Promise<Uint8Array> => device.store.getBlob(parseBlobNamespace('quarantine'), parseBlobId(blobId));

  test('keeps what cannot be opened, octet for octet, and the item is acknowledged', async () => {
    const garbage = new Uint8Array(Buffer.from('not OpenPGP'));
    const itemId = box.put(garbage);
    await pipeline.wake();
    const [kept] = device.store.list('quarantine-item').map(({ content }) => content);
    expect(kept).toMatchObject({ incomingItemId: itemId, reason: 'cannotDecrypt', sizeBytes: garbage.length, attempts: 1 });
    expect(await octetsOf(kept!.blobId)).toEqual(garbage);
    expect(box.itemIds).toEqual([]);
  });

  test('keeps what was sealed for another key', async () => {
    const sealed = await encryptToCertificates(Buffer.from(MESSAGE), [(await secretKeyOf(BOB)).certificate], device.clock.nowMs());
    box.put(sealed.ok ? sealed.message : new Uint8Array());
    await pipeline.wake();
    expect(device.store.list('quarantine-item')).toHaveLength(1);
    expect(await messagesIn(device, 'inbox')).toEqual([]);
  });

  test('gives back what an own key that comes later opens, and only that', async () => {
    const late = await generateSecretKey({ address: ALICE, name: '', nowMs: device.clock.nowMs() });
    const sealed = await encryptToCertificates(Buffer.from(MESSAGE), [late.certificate], device.clock.nowMs());
    box.put(sealed.ok ? sealed.message : new Uint8Array());
    box.put(new Uint8Array(Buffer.from('not OpenPGP')));
    await pipeline.wake();
    expect(device.store.list('quarantine-item')).toHaveLength(2);
    await device.keyring.addRetiredKey(ALICE, late.transferableSecretKey);
    await pipeline.wake();
    expect(await messagesIn(device, 'inbox')).toEqual([MESSAGE]);
    expect(device.store.list('quarantine-item').map(({ content }) => content)).toMatchObject([{ sizeBytes: 11, attempts: 1 }]);
  });

  test('is not where mail goes that came before this device has a key', async () => {
    const itemId = await arrive(MESSAGE);
    device.store.transact((transaction) => {
      for (const { content } of device.store.list('secret-key')) transaction.delete('secret-key', content.fingerprint);
    });
    await pipeline.wake();
    expect(box.itemIds).toEqual([itemId]);
    expect(device.store.list('quarantine-item')).toEqual([]);
  });
});

describe('protected mail', () => {
  test('is filed readable, with its octets as received beside it', async () => {
    const message = await encrypted(MESSAGE, { key: await knowing(BOB) });
    const { text, security } = await received(message);
    expect(text).toMatch(/^From: Bob[^]*Subject: plans[^]*at noon\r\n$/);
    expect(security).toMatchObject({ status: 'private', isEncrypted: true, signature: 'valid', signerFingerprint: (await secretKeyOf(BOB)).fingerprint });
    const { asReceived } = device.store.list('message')[0]!.content;
    expect(Buffer.from(await device.store.getBlob(parseBlobNamespace('mail'), parseBlobId(asReceived!.blobId))).equals(Buffer.from(message))).toBe(true);
  });

  test('of a sender whose fingerprint was compared is verified, and his key is used', async () => {
    expect((await received(await encrypted(MESSAGE, { key: await knowing(BOB, true) }))).security.status).toBe('privateVerified');
    expect(device.store.list('trust')[0]?.content.wasUsedToVerify).toBe(true);
  });

  test('that was encrypted for somebody else is filed as it came, as a problem', async () => {
    const message = formatPgpMimeEncrypted({ outerHeaders: Buffer.from(`From: ${BOB}\r\n`), armoredMessage: armor('message', new Uint8Array(100)) }, () => 'boundary');
    const { text, security } = await received(message);
    expect(text).toBe(Buffer.from(message).toString());
    expect(security).toMatchObject({ status: 'problem', problem: 'cannotDecrypt', isEncrypted: true });
  });

  test('signed in the clear is filed as it came', async () => {
    const message = await signed(MESSAGE, { key: await knowing(BOB) });
    const { text, security } = await received(message);
    expect(text).toBe(Buffer.from(message).toString());
    expect(security).toMatchObject({ status: 'signed', isEncrypted: false, signature: 'valid' });
  });

  test('by a sender who is met for the first time is judged by the key that came with it', async () => {
    const { certificate, ...key } = await secretKeyOf(BOB);
    const message = await signed(MESSAGE.replace(/^/, formatAutocryptHeader(BOB, certificate)), { key: { certificate, ...key } });
    expect((await received(message)).security.signature).toBe('valid');
  });
});

describe('a forger', () => {
  test.each<[string, string]>([
    ['two addresses in From', MESSAGE.replace(`<${BOB}>`, `<${BOB}>, ${MALLORY}`)],
    ['two From fields', `From: ${MALLORY}\r\n${MESSAGE}`],
  ])('with %s has signed for nobody', async (_what, message) => {
    await knowing(MALLORY);
    const { security } = await received(await signed(message, { key: await knowing(BOB) }));
    expect(security).toMatchObject({ status: 'notProtected', signature: 'unknownSigner' });
  });

  test('who changes a signed message is found out', async () => {
    const message = Buffer.from(await signed(MESSAGE, { key: await knowing(BOB) })).toString().replace('at noon', 'at four');
    expect((await received(message)).security).toMatchObject({ status: 'problem', problem: 'badSignature' });
  });

  test('who encrypts another From under his own name is shown as a problem, however well his key is known', async () => {
    await knowing(BOB, true);
    const { text, security } = await received(await encrypted(MESSAGE, { key: await knowing(MALLORY, true), outside: `From: ${MALLORY}\r\nSubject: [...]\r\n` }));
    expect(text).toContain('From: Bob');
    expect(security).toMatchObject({ status: 'problem', problem: 'tampered' });
  });

  test('who puts another header above a signed part is shown as a problem', async () => {
    await knowing(MALLORY);
    const { security } = await received(await signed(MESSAGE, { key: await knowing(BOB), outside: `From: ${MALLORY}\r\nSubject: plans\r\n` }));
    expect(security).toMatchObject({ status: 'problem', problem: 'tampered' });
  });

  test('who rewrites the subject above a signed part gains no "signed" for it', async () => {
    const { security } = await received(await signed(MESSAGE, { key: await knowing(BOB), outside: `From: ${BOB}\r\nSubject: other plans\r\n` }));
    expect(security).toMatchObject({ status: 'notProtected', problem: null });
  });

  test('who writes fields outside cannot speak for what was protected', async () => {
    const { text } = await received(await encrypted(MESSAGE, { key: await knowing(BOB), outside: `From: ${BOB}\r\nSubject: forged\r\nReply-To: ${MALLORY}\r\n` }));
    expect(text).toContain('Subject: plans');
    expect(text).not.toMatch(/forged|mallory/);
  });

  test('who writes protected fields into mail that nobody protected changes nothing', async () => {
    const message = `${MESSAGE.replace('\r\n\r\n', '\r\nContent-Type: text/plain; hp="cipher"\r\nHP-Outer: Subject: other\r\n\r\n')}`;
    const { text, security } = await received(message);
    expect(text).toBe(message);
    expect(security.status).toBe('notProtected');
  });

  test('whose key was refused in the place of the known one has signed for nobody', async () => {
    const refused = await generateSecretKey({ address: BOB, name: '', nowMs: device.clock.nowMs() });
    for (const { certificate } of [await secretKeyOf(BOB), refused]) await device.keyring.accept(BOB, certificate, { source: 'import', level: 'knownKey' });
    const { security } = await received(await signed(MESSAGE, { key: refused }));
    expect(security).toMatchObject({ status: 'problem', problem: 'keyChanged' });
    expect(device.store.list('trust')[0]?.content.wasUsedToVerify).toBe(false);
  });

  test('with a key of his own in the name of somebody known is not taken for him', async () => {
    await knowing(BOB, true);
    const forged = await generateSecretKey({ address: BOB, name: '', nowMs: device.clock.nowMs() });
    const { security } = await received(await signed(`${formatAutocryptHeader(BOB, forged.certificate)}${MESSAGE}`, { key: forged }));
    expect(security.status).not.toBe('signed');
    expect(await device.keyring.resolve(BOB)).toMatchObject({ fingerprint: (await secretKeyOf(BOB)).fingerprint });
    expect(device.store.list('trust')[0]?.content.wasUsedToVerify).toBe(false);
  });
});
