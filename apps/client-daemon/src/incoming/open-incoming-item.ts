// From the octets of an incoming item to a message to file: opens what the MX sealed, then what the sender protected. What
// the sender encrypted is filed readable, with its octets as received kept beside it; what he only signed is filed as it is.

import { ModelError, NOT_PROTECTED, parseFingerprint, parseMailAddress, type Clock, type MailAddress, type SecurityFacts, type ValidationLevel } from '@paloma/shared-model';
import { verifyDetachedSignature } from '@paloma/crypto/public';
import { decryptMessage } from '@paloma/crypto/secret';
import type { Keyring, KeyResolution } from '@paloma/keyring';
import { applyProtectedHeaders, encryptedOctets, findField, flattenAddresses, parseAddressList, parseHeaderDate, parseMessage, signedOctets, type ParsedMessage } from '@paloma/mail-format';
import { securityVerdict } from './security-verdict.js';

export type OpenedItem =
  | { ok: true; octets: Uint8Array; security: SecurityFacts; asReceived: Uint8Array | null }
  | { ok: false; reason: 'cannotDecrypt' };

export interface OpenContext {
  keyring: Keyring;
  clock: Clock;
}

const CANNOT_DECRYPT: SecurityFacts = { status: 'problem', problem: 'cannotDecrypt', isEncrypted: true, signature: 'none', signerFingerprint: null };

/** Opens one item. Nothing of it is lost: what cannot be opened is said to be so, and the caller keeps the octets. */
export async function openIncomingItem(sealed: Uint8Array, { keyring, clock }: OpenContext): Promise<OpenedItem> {
  const opened = await decryptMessage({ message: sealed, secretKeys: keyring.ownSecretKeys(), verificationCertificates: [], nowMs: clock.nowMs() });
  if (!opened.ok) return { ok: false, reason: 'cannotDecrypt' };
  const parsed = parseMessage(opened.octets);
  const sender = new SenderKeys(senderOf(parsed), keyring);
  await sender.learnFrom(parsed, clock.nowMs());
  return openProtection(opened.octets, parsed, sender, { keyring, clock });
}

async function openProtection(octets: Uint8Array, parsed: ParsedMessage, sender: SenderKeys, context: OpenContext): Promise<OpenedItem> {
  const ciphertext = encryptedOctets(octets, parsed.rootPart);
  if (ciphertext !== null) return openEncrypted(octets, parsed, ciphertext, sender, context);
  const signed = signedOctets(octets, parsed.rootPart);
  if (signed === null) return { ok: true, octets, security: NOT_PROTECTED, asReceived: null };
  const certificates = await sender.certificates();
  const { signature, fingerprint } = await verifyDetachedSignature({ octets: signed.signed, signature: signed.signature, certificates, nowMs: context.clock.nowMs() });
  return { ok: true, octets, security: await sender.judge({ isEncrypted: false, signature, signerFingerprint: fingerprint }), asReceived: null };
}

async function openEncrypted(octets: Uint8Array, parsed: ParsedMessage, ciphertext: Uint8Array, sender: SenderKeys, { keyring, clock }: OpenContext): Promise<OpenedItem> {
  const verificationCertificates = await sender.certificates();
  const decrypted = await decryptMessage({ message: ciphertext, secretKeys: keyring.ownSecretKeys(), verificationCertificates, nowMs: clock.nowMs() });
  if (!decrypted.ok) return { ok: true, octets, security: CANNOT_DECRYPT, asReceived: null };
  return {
    ok: true,
    octets: applyProtectedHeaders(octets.subarray(0, parsed.headerEndOffset), decrypted.octets),
    security: await sender.judge({ isEncrypted: true, signature: decrypted.signature, signerFingerprint: decrypted.signerFingerprint }),
    asReceived: octets,
  };
}

/** What is known of the keys of the address in From, looked up at most once. */
class SenderKeys {
  readonly #address: MailAddress | null;
  readonly #keyring: Keyring;
  #resolution: Promise<KeyResolution> | null = null;

  constructor(address: MailAddress | null, keyring: Keyring) {
    this.#address = address;
    this.#keyring = keyring;
  }

  async learnFrom({ headers }: ParsedMessage, nowMs: number): Promise<void> {
    const autocrypt = findField(headers, 'Autocrypt');
    const sentAtMs = Math.min(parseHeaderDate(findField(headers, 'Date')?.text ?? '')?.epochMs ?? 0, nowMs);
    if (this.#address && autocrypt) await this.#keyring.learnFromAutocrypt(this.#address, autocrypt.text, sentAtMs);
  }

  async certificates(): Promise<Uint8Array[]> {
    if (this.#address === null) return [];
    await this.#resolve();
    return this.#keyring.certificatesFor(this.#address);
  }

  async judge(evidence: { isEncrypted: boolean; signature: SecurityFacts['signature']; signerFingerprint: string | null }): Promise<SecurityFacts> {
    const resolution = this.#address && await this.#resolve();
    return securityVerdict({ ...evidence, signerLevel: levelOf(resolution, evidence.signerFingerprint), isKeyChanged: resolution?.state === 'keyChanged' });
  }

  #resolve(): Promise<KeyResolution> {
    this.#resolution ??= this.#keyring.resolve(this.#address!);
    return this.#resolution;
  }
}

function levelOf(resolution: KeyResolution | null, signerFingerprint: string | null): ValidationLevel | null {
  if (!resolution || signerFingerprint === null || !('fingerprint' in resolution)) return null;
  return resolution.fingerprint === parseFingerprint(signerFingerprint) ? resolution.level : null;
}

/** The one address in From; with several, or none that is valid, nobody can be said to have signed. */
function senderOf({ headers }: ParsedMessage): MailAddress | null {
  const addresses = flattenAddresses(parseAddressList(findField(headers, 'From')?.text ?? ''));
  if (addresses.length !== 1) return null;
  try {
    return parseMailAddress(addresses[0]!.address);
  } catch (error) {
    if (error instanceof ModelError) return null;
    throw error;
  }
}
