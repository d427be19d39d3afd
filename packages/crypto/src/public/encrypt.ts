// Encryption to certificates, for the MX (which holds no secret) and as the base of the signed form on devices. openpgp.js says which keys
// may be used now and what they can read; keys of the usual kind are then served by Node's own ciphers, all others by openpgp.js.

import { createMessage, encrypt, type MaybeStream, type Message, type PublicKey } from 'openpgp';
import { usableCertificate } from './known-certificates.js';
import { judgementDate, OPENPGP_SETTINGS } from './openpgp-settings.js';
import { createSessionKey, literalDataHeader, protectedData } from './protected-data.js';
import type { SessionKey } from './session-key-packet.js';

const STEP_BYTES = 64 * 1024;
const REFUSED = { ok: false, reason: 'noUsableCertificate' } as const;

type Refused = typeof REFUSED;
export type Encrypted = { ok: true; message: Uint8Array } | Refused;
export type EncryptedInSteps = { ok: true; message: AsyncIterable<Uint8Array> } | Refused;

/**
 * Encrypts to all of the certificates or to none: one that is expired, revoked or unreadable refuses the whole, because a
 * recipient left out silently cannot read the mail. The message is binary, integrity protected, not compressed.
 */
export async function encryptToCertificates(octets: Uint8Array, certificates: readonly Uint8Array[], nowMs: number): Promise<Encrypted> {
  const date = new Date(nowMs);
  return encryptWhole({ packets: [literalDataHeader(octets.length, date), octets], message: () => createMessage({ binary: octets, date }) }, certificates, nowMs);
}

/** The same for a message that is made already, signed say. */
export async function encryptMessage(message: Message<Uint8Array>, certificates: readonly Uint8Array[], nowMs: number): Promise<Encrypted> {
  return encryptWhole({ packets: [message.packets.write()], message: async () => message }, certificates, nowMs);
}

/**
 * The same for a large message, given in pieces and to be read as it is made: in one piece it stands in memory several times over. The pieces
 * are read until the end of the result.
 */
export async function encryptInSteps(pieces: readonly Uint8Array[], certificates: readonly Uint8Array[], nowMs: number): Promise<EncryptedInSteps> {
  const recipients = await usableRecipients(certificates, judgementDate(nowMs));
  if (!recipients) return REFUSED;
  const date = new Date(nowMs);
  const message = 'keys' in recipients
    ? await encryptByLibrary(recipients, await createMessage({ binary: ReadableStream.from<Uint8Array>(stepsOf(pieces)), date }))
    : ReadableStream.from(encryptTo(recipients, [literalDataHeader(lengthOf(pieces), date), ...pieces]));
  return { ok: true, message: message as AsyncIterable<Uint8Array> };
}

/** What is encrypted: literal data, signed or not. */
interface Content {
  packets: readonly Uint8Array[];
  /** The same for openpgp.js. */
  message: () => Promise<Message<Uint8Array>>;
}

async function encryptWhole({ packets, message }: Content, certificates: readonly Uint8Array[], nowMs: number): Promise<Encrypted> {
  const recipients = await usableRecipients(certificates, judgementDate(nowMs));
  if (!recipients) return REFUSED;
  if ('keys' in recipients) return { ok: true, message: await encryptByLibrary(recipients, await message()) as Uint8Array };
  return { ok: true, message: Buffer.concat([...encryptTo(recipients, packets)]) };
}

/** Session key packets made already, or keys that are for openpgp.js. */
type Recipients = ServedHere | ServedByLibrary;
interface ServedHere { sessionKey: SessionKey; sessionKeyPackets: Uint8Array[] }
interface ServedByLibrary { keys: PublicKey[]; date: Date }

async function usableRecipients(certificates: readonly Uint8Array[], date: Date): Promise<Recipients | null> {
  if (certificates.length === 0) return null;
  try {
    const usable = await Promise.all(certificates.map((certificate) => usableCertificate(certificate, date)));
    const sealers = usable.map(({ sealer }) => sealer).filter((sealer) => sealer !== null);
    if (sealers.length < usable.length || usable.every(({ wantsAead }) => wantsAead)) return { keys: usable.map(({ key }) => key), date };
    const sessionKey = createSessionKey(usable.every(({ readsAes256 }) => readsAes256) ? 'aes256' : 'aes128');
    return { sessionKey, sessionKeyPackets: sealers.map((seal) => seal(sessionKey)) };
  } catch {
    return null;
  }
}

function* encryptTo({ sessionKey, sessionKeyPackets }: ServedHere, pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  yield* sessionKeyPackets;
  yield* protectedData(stepsOf(pieces), lengthOf(pieces), sessionKey);
}

/** A stream for a stream. */
function encryptByLibrary({ keys, date }: ServedByLibrary, message: Message<MaybeStream<Uint8Array>>): Promise<MaybeStream<Uint8Array>> {
  return encrypt({ message, encryptionKeys: keys, format: 'binary', date, config: OPENPGP_SETTINGS });
}

function* stepsOf(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += STEP_BYTES) yield piece.subarray(at, at + STEP_BYTES);
  }
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
