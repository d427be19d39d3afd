// What is known of the keys of the address that a reader is shown as the sender, looked up at most once.

import { canonicalAddress, parseFingerprint, type MailAddress, type SecurityFacts, type ValidationLevel } from '@paloma/shared-model';
import type { Keyring, KeyResolution } from '@paloma/keyring';
import { findField, parseHeaderDate, type HeaderField } from '@paloma/mail-format';
import { securityVerdict } from './security-verdict.js';

export interface SignatureEvidence {
  isEncrypted: boolean;
  signature: SecurityFacts['signature'];
  signerFingerprint: string | null;
  /** The outer From and the protected one name different senders. */
  isSenderDisputed: boolean;
}

export class SenderKeys {
  readonly #address: MailAddress | null;
  readonly #keyring: Keyring;
  #resolution: Promise<KeyResolution> | null = null;

  constructor(address: MailAddress | null, keyring: Keyring) {
    this.#address = address;
    this.#keyring = keyring;
  }

  isOf(address: MailAddress | null): boolean {
    return this.#address === address || (this.#address !== null && address !== null && canonicalAddress(this.#address) === canonicalAddress(address));
  }

  async learnFrom(headers: readonly HeaderField[], nowMs: number): Promise<void> {
    const autocrypt = findField(headers, 'Autocrypt');
    const sentAtMs = Math.min(parseHeaderDate(findField(headers, 'Date')?.text ?? '')?.epochMs ?? 0, nowMs);
    if (this.#address && autocrypt) await this.#keyring.learnFromAutocrypt(this.#address, autocrypt.text, sentAtMs);
  }

  async certificates(): Promise<Uint8Array[]> {
    if (this.#address === null) return [];
    await this.#resolve(this.#address);
    return this.#keyring.certificatesFor(this.#address);
  }

  /** The verdict on a message; a certificate that made a valid signature counts as used from then on. */
  async judge(evidence: SignatureEvidence): Promise<SecurityFacts> {
    const resolution = this.#address && await this.#resolve(this.#address);
    const signerLevel = levelOf(resolution, evidence.signerFingerprint);
    if (this.#address && evidence.signature === 'valid' && signerLevel) this.#keyring.markUsed(this.#address, 'verify');
    return securityVerdict({ ...evidence, signerLevel, isKeyChanged: resolution?.state === 'keyChanged' });
  }

  #resolve(address: MailAddress): Promise<KeyResolution> {
    this.#resolution ??= this.#keyring.resolve(address);
    return this.#resolution;
  }
}

/** `null` for the certificate of nobody, and for one that was tied to the address but is not its certificate (now or ever). */
function levelOf(resolution: KeyResolution | null, signerFingerprint: string | null): ValidationLevel | null {
  if (!resolution || signerFingerprint === null || !('fingerprint' in resolution)) return null;
  return resolution.fingerprint === parseFingerprint(signerFingerprint) ? resolution.level : null;
}
