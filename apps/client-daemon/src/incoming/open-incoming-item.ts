// From the octets of an incoming item to a message to file: opens what the MX sealed, then what the sender protected. What
// the sender encrypted is filed readable, with its octets as received kept beside it; what he only signed is filed as it is.
//
// Signatures are judged against the sender that a reader is shown, and that is the protected From where there is one
// (RFC 9788 §4): anybody can encrypt a From of his choice, and put a signed part below another header.

import { NOT_PROTECTED, type Clock, type SecurityFacts } from '@paloma/shared-model';
import { verifyDetachedSignature } from '@paloma/crypto/public';
import { decryptMessage, type DecryptedMessage } from '@paloma/crypto/secret';
import type { Keyring } from '@paloma/keyring';
import {
  applyProtectedHeaders, encryptedOctets, findField, parseHeaderBlock, parseMessage, readDeliveryStatusNotification, signedOctets,
  type ParsedMessage, type ReadDeliveryStatus, type SignedOctets,
} from '@paloma/mail-format';
import { displayedSender } from './displayed-sender.js';
import { SenderKeys } from './sender-keys.js';

/** `notice`: what it tells of messages of ours, when it is a delivery status notification; hosts do not encrypt those. */
export type OpenedItem =
  | { ok: true; octets: Uint8Array; security: SecurityFacts; asReceived: Uint8Array | null; notice: ReadDeliveryStatus | null }
  | { ok: false; reason: 'cannotDecrypt' };

export interface OpenContext {
  keyring: Keyring;
  clock: Clock;
}

const CANNOT_DECRYPT: SecurityFacts = { status: 'problem', problem: 'cannotDecrypt', isEncrypted: true, signature: 'none', signerFingerprint: null };

/** Opens one item. Nothing of it is lost: what cannot be opened is said to be so, and the caller keeps the octets. */
export async function openIncomingItem(sealed: Uint8Array, context: OpenContext): Promise<OpenedItem> {
  const opened = await decrypt(sealed, [], context);
  if (!opened.ok) return { ok: false, reason: 'cannotDecrypt' };
  const parsed = parseMessage(opened.octets);
  const sender = new SenderKeys(displayedSender(parsed.headers), context.keyring);
  await sender.learnFrom(parsed.headers, context.clock.nowMs());
  const ciphertext = encryptedOctets(opened.octets, parsed.rootPart);
  if (ciphertext !== null) return openEncrypted(opened.octets, parsed, { ciphertext, outerSender: sender }, context);
  const signed = signedOctets(opened.octets, parsed.rootPart);
  const security = signed ? await judgeSigned(signed, parsed, sender, context) : NOT_PROTECTED;
  return { ok: true, octets: opened.octets, security, asReceived: null, notice: readDeliveryStatusNotification(opened.octets, parsed.rootPart) };
}

async function openEncrypted(
  octets: Uint8Array, parsed: ParsedMessage, { ciphertext, outerSender }: { ciphertext: Uint8Array; outerSender: SenderKeys }, context: OpenContext,
): Promise<OpenedItem> {
  const decrypted = await decrypt(ciphertext, await outerSender.certificates(), context);
  if (!decrypted.ok) return { ok: true, octets, security: CANNOT_DECRYPT, asReceived: null, notice: null };
  const readable = applyProtectedHeaders(octets.subarray(0, parsed.headerEndOffset), decrypted.octets);
  const shown = displayedSender(parseHeaderBlock(readable));
  const security = outerSender.isOf(shown)
    ? await judgeEncrypted(decrypted, outerSender, false)
    : await judgeOtherSender(ciphertext, new SenderKeys(shown, context.keyring), context);
  return { ok: true, octets: readable, security, asReceived: octets, notice: null };
}

/** The protected From is another than the outer one: fine when he has signed, as behind a mailing list, else somebody plays him. */
async function judgeOtherSender(ciphertext: Uint8Array, sender: SenderKeys, context: OpenContext): Promise<SecurityFacts> {
  const decrypted = await decrypt(ciphertext, await sender.certificates(), context);
  return decrypted.ok ? judgeEncrypted(decrypted, sender, true) : CANNOT_DECRYPT;
}

function judgeEncrypted({ signature, signerFingerprint }: DecryptedMessage & { ok: true }, sender: SenderKeys, isSenderDisputed: boolean): Promise<SecurityFacts> {
  return sender.judge({ isEncrypted: true, signature, signerFingerprint, isSenderDisputed });
}

async function judgeSigned({ signed, signature }: SignedOctets, { headers }: ParsedMessage, sender: SenderKeys, { clock }: OpenContext): Promise<SecurityFacts> {
  const verdict = await verifyDetachedSignature({ octets: signed, signature, certificates: await sender.certificates(), nowMs: clock.nowMs() });
  const protectedHeaders = parseHeaderBlock(signed);
  const isSenderDisputed = findField(protectedHeaders, 'From') !== null && !sender.isOf(displayedSender(protectedHeaders));
  const isRewritten = findField(protectedHeaders, 'Subject') !== null && textOf(protectedHeaders, 'Subject') !== textOf(headers, 'Subject');
  const facts = await sender.judge({ isEncrypted: false, signature: verdict.signature, signerFingerprint: verdict.fingerprint, isSenderDisputed });
  // A list that puts its name before the subject is no forger; but what is shown is not what was signed.
  return isRewritten && facts.status === 'signed' ? { ...facts, status: 'notProtected' } : facts;
}

function textOf(headers: ParsedMessage['headers'], name: string): string | undefined {
  return findField(headers, name)?.text;
}

function decrypt(message: Uint8Array, verificationCertificates: readonly Uint8Array[], { keyring, clock }: OpenContext): Promise<DecryptedMessage> {
  return decryptMessage({ message, secretKeys: keyring.ownSecretKeys(), verificationCertificates, nowMs: clock.nowMs() });
}
