import { deflateRawSync } from 'node:zlib';
import { beforeAll, expect, test } from '@jest/globals';
import {
  config, createMessage, decrypt, encryptSessionKey, enums, generateSessionKey, PacketList, readKey, readMessage, sign, SignaturePacket,
  SymEncryptedIntegrityProtectedDataPacket, SymmetricallyEncryptedDataPacket,
} from 'openpgp';
import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';
import { fc, property } from '@paloma/test-kit';
import { armor } from '../public/armor.js';
import { encryptInSteps, encryptToCertificates } from '../public/encrypt.js';
import { decryptMessage, type DecryptedMessage } from './decrypt-message.js';
import { DAY_MS, keyOf, NOW_MS } from './openpgp-fixtures.js';
import { readSecretKey, type GeneratedSecretKey } from './secret-key.js';
import { encryptAndSign } from './sign.js';

const octets = new Uint8Array(Buffer.from('Content-Type: text/plain\r\n\r\nsecret\r\n'));
let alice: GeneratedSecretKey;
let bob: GeneratedSecretKey;

beforeAll(async () => {
  [alice, bob] = await Promise.all([keyOf('alice'), keyOf('bob')]);
});

/** Bob reads what came, knowing Alice. */
function readByBob(message: Uint8Array, changes: { secretKeys?: Uint8Array[]; verificationCertificates?: Uint8Array[]; nowMs?: number } = {}): Promise<DecryptedMessage> {
  return decryptMessage({ message, secretKeys: [bob.transferableSecretKey], verificationCertificates: [alice.certificate], nowMs: NOW_MS, ...changes });
}

async function signedToBob(content = octets): Promise<Uint8Array> {
  const encrypted = await encryptAndSign({ octets: content, certificates: [bob.certificate], secretKey: alice.transferableSecretKey, nowMs: NOW_MS });
  if (!encrypted.ok) throw new Error(encrypted.reason);
  return encrypted.message;
}

test('a signed message is read and its signer known, binary and armored', async () => {
  const message = await signedToBob();
  const expected = { ok: true, octets, signature: 'valid', signerFingerprint: alice.fingerprint };
  expect(await readByBob(message)).toEqual(expected);
  expect(await readByBob(Buffer.from(armor('message', message)))).toEqual(expected);
});

test('each recipient reads it', async () => {
  const encrypted = await encryptToCertificates(octets, [alice.certificate, bob.certificate], NOW_MS);
  const message = encrypted.ok ? encrypted.message : new Uint8Array();
  for (const key of [alice, bob]) expect(await readByBob(message, { secretKeys: [key.transferableSecretKey] })).toMatchObject({ ok: true, octets, signature: 'none' });
});

test('a message encrypted in steps is read in one piece', async () => {
  const content = new Uint8Array(300_001).map((_octet, at) => at % 251);
  const encrypted = await encryptInSteps([content.subarray(0, 10), new Uint8Array(), content.subarray(10)], [bob.certificate], NOW_MS);
  const message = encrypted.ok ? Buffer.concat(await Array.fromAsync(encrypted.message)) : new Uint8Array();
  const read = await readByBob(message);
  expect(read).toMatchObject({ ok: true, signature: 'none' });
  expect(read.ok && Buffer.compare(read.octets, content)).toBe(0);
  expect(await encryptInSteps([content], [bob.certificate.slice(0, 100)], NOW_MS)).toEqual({ ok: false, reason: 'noUsableCertificate' });
});

test('a certificate that has served before is judged anew', async () => {
  const dora = await keyOf('dora');
  expect(await encryptToCertificates(octets, [dora.certificate], NOW_MS)).toMatchObject({ ok: true });
  expect(await encryptToCertificates(octets, [dora.certificate], NOW_MS - 365 * DAY_MS)).toEqual({ ok: false, reason: 'noUsableCertificate' });
});

test('a retired and expired key still reads', async () => {
  const carol = await keyOf('carol');
  const secretKeys = [carol.transferableSecretKey, bob.transferableSecretKey];
  expect(await readByBob(await signedToBob(), { secretKeys, nowMs: NOW_MS + 1000 * DAY_MS })).toMatchObject({ ok: true, signature: 'valid' });
});

test('a signer whose certificate is not given is unknown, and a broken certificate does not hide the good one', async () => {
  const message = await signedToBob();
  expect(await readByBob(message, { verificationCertificates: [bob.certificate] })).toEqual({ ok: true, octets, signature: 'unknownSigner', signerFingerprint: null });
  expect(await readByBob(message, { verificationCertificates: [Buffer.from('junk'), alice.certificate] })).toMatchObject({ signature: 'valid' });
});

test('a message to somebody else, or without a key, does not open', async () => {
  const message = await signedToBob();
  expect(await readByBob(message, { secretKeys: [alice.transferableSecretKey] })).toEqual({ ok: false });
  expect(await readByBob(message, { secretKeys: [] })).toEqual({ ok: false });
});

property('a message with any one bit flipped gives nothing but a refusal, or the same octets', fc.nat(), async (position) => {
  const message = await signedToBob();
  const bit = position % (message.length * 8);
  message[bit >> 3]! ^= 1 << (bit & 7);
  const result = await readByBob(message);
  if (result.ok) expect(result.octets).toEqual(octets);
  else expect(result).toEqual({ ok: false });
});

property('octets that are no message are refused', fc.uint8Array({ maxLength: 200 }), async (message) => {
  expect(await readByBob(message)).toEqual({ ok: false });
});

test('ciphertext without integrity protection is refused (EFAIL)', async () => {
  const message = await unprotectedToBob((await createMessage({ binary: octets })).packets.write());
  const control = { message: await readMessage({ binaryMessage: message }), decryptionKeys: await readSecretKey(bob.transferableSecretKey), format: 'binary' } as const;
  expect((await decrypt({ ...control, config: { allowUnauthenticatedMessages: true } })).data).toEqual(octets);
  expect(await readByBob(message)).toEqual({ ok: false });
});

test('cleartext in a message envelope is not taken for decrypted content', async () => {
  const literal = await createMessage({ binary: octets });
  expect(await readByBob(literal.write() as Uint8Array)).toEqual({ ok: false });
});

test('a message that swells over the limit is refused', async () => {
  const bomb = compressedLiteral(MAX_MESSAGE_BYTES + 1);
  expect(bomb.length).toBeLessThan(100_000);
  expect((await readByBob(await protectedToBob(bomb))).ok).toBe(false);
});

test('a message that swells within the limit is read', async () => {
  expect(await readByBob(await protectedToBob(compressedLiteral(1_000_000)))).toMatchObject({ ok: true, octets: new Uint8Array(1_000_000) });
});

test('more session keys than a message can have recipients are refused before any is tried', async () => {
  const message = await signedToBob();
  const packetBytes = 2 + message[1]!;
  const many = Array.from({ length: 201 }, () => message.subarray(0, packetBytes));
  expect(await readByBob(Buffer.concat([...many, message.subarray(packetBytes)]))).toEqual({ ok: false });
});

test('a signature of another kind than over a document counts for nothing', async () => {
  const signer = await readSecretKey(alice.transferableSecretKey);
  const standalone = new SignaturePacket();
  Object.assign(standalone, { signatureType: enums.signature.standalone, publicKeyAlgorithm: enums.publicKey.eddsaLegacy, hashAlgorithm: enums.hash.sha512 });
  await inherited(standalone, 'sign')(signer.keyPacket, {}, new Date(NOW_MS), false, config);
  const signature = written(standalone);
  const literal = (await createMessage({ binary: octets })).packets.write();
  expect(await readByBob(await protectedToBob(Buffer.concat([signature, literal])))).toEqual({ ok: true, octets, signature: 'none', signerFingerprint: null });
});

test('more signatures than are ever honest are refused before any is verified', async () => {
  const signer = await readSecretKey(alice.transferableSecretKey);
  const literal = await createMessage({ binary: octets });
  const { packets } = await sign({ message: literal, signingKeys: signer, detached: true, format: 'object', date: new Date(NOW_MS) });
  const signatures = (count: number): Uint8Array[] => Array.from({ length: count }, () => written(packets[0] as SignaturePacket));
  const read = async (count: number) => readByBob(await protectedToBob(Buffer.concat([...signatures(count), literal.packets.write()])));
  expect(await read(8)).toMatchObject({ ok: true, signature: 'valid' });
  expect(await read(9)).toEqual({ ok: false });
});

test('a secret key of ours that is broken is an error, not a refusal', async () => {
  await expect(readByBob(await signedToBob(), { secretKeys: [Buffer.from('junk')] })).rejects.toMatchObject({ code: 'malformed' });
});

function written(signature: SignaturePacket): Uint8Array {
  const packets = new PacketList<SignaturePacket>();
  packets.push(signature);
  return packets.write();
}

/** The packets given, as they are, in the packet of today (RFC 9580 §5.13.1). */
function protectedToBob(packets: Uint8Array): Promise<Uint8Array> {
  return packetsToBob(packets, enums.packet.symEncryptedIntegrityProtectedData, Object.assign(new SymEncryptedIntegrityProtectedDataPacket(), { version: 1 }));
}

/** The packets given in a Symmetrically Encrypted Data packet (RFC 9580 §5.7), which programs of today no longer write. */
function unprotectedToBob(packets: Uint8Array): Promise<Uint8Array> {
  return packetsToBob(packets, enums.packet.symmetricallyEncryptedData, new SymmetricallyEncryptedDataPacket());
}

async function packetsToBob(packets: Uint8Array, tag: enums.packet, data: object): Promise<Uint8Array> {
  const encryptionKeys = await readKey({ binaryKey: bob.certificate });
  const sessionKey = await generateSessionKey({ encryptionKeys, date: new Date(NOW_MS) });
  const sessionKeyPacket = await encryptSessionKey({ ...sessionKey, encryptionKeys, date: new Date(NOW_MS), format: 'binary' });
  Object.assign(data, { packets: { write: () => packets } });
  await inherited(data, 'encrypt')(enums.symmetric.aes256, sessionKey.data, config);
  return Buffer.concat([sessionKeyPacket, packet(tag, inherited(data, 'write')() as Uint8Array)]);
}

/** A method that the library has and its type declarations hide or shorten. */
function inherited(packet: object, method: string): (...parameters: unknown[]) => unknown {
  return (Reflect.get(packet, method) as (...parameters: unknown[]) => unknown).bind(packet);
}

/** Compressed data (RFC 9580 §5.6, ZIP) around a literal packet of zeros. */
function compressedLiteral(sizeBytes: number): Uint8Array {
  const literal = packet(enums.packet.literalData, Buffer.concat([Buffer.from('b\0\0\0\0\0'), Buffer.alloc(sizeBytes)]));
  return packet(enums.packet.compressedData, Buffer.concat([Uint8Array.of(enums.compression.zip), deflateRawSync(literal, { level: 9 })]));
}

/** A packet with a five-octet length, RFC 9580 §4.2.1.3. */
function packet(tag: enums.packet, body: Uint8Array): Uint8Array {
  const header = Buffer.from([0xc0 | tag, 0xff, 0, 0, 0, 0]);
  header.writeUInt32BE(body.length, 2);
  return Buffer.concat([header, body]);
}
