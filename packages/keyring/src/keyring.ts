// The keyring of one account: own keys, correspondents' certificates, trust, look-up. What LEAP's Keymanager was. Everything it
// knows is in documents of the sealed store and so on all of the user's devices.

import { canonicalAddress, systemClock, type Clock, type Fingerprint, type MailAddress, type TrustDocument } from '@paloma/shared-model';
import { certificateForAddress } from '@paloma/crypto/public';
import type { DocumentStore } from '@paloma/document-store';
import { formatAutocryptHeader, parseAutocryptHeader } from './autocrypt.js';
import type { CertificateDirectory } from './certificate-directory.js';
import { CertificateIntake, type Acceptance } from './certificate-intake.js';
import { CertificateLookup, type KeyResolution } from './certificate-lookup.js';
import { OwnKeys, type KeyOwner } from './own-keys.js';
import { decidedTrust, fingerprintsOf, keptTrust, type Provenance } from './trust-changes.js';
import { TrustStore } from './trust-store.js';
import { LEVEL_EARNED_BY } from './validation-level.js';

export interface KeyringOptions {
  store: DocumentStore;
  directory: CertificateDirectory;
  clock?: Clock;
}

export class Keyring {
  readonly #clock: Clock;
  readonly #ownKeys: OwnKeys;
  readonly #trustStore: TrustStore;
  readonly #intake: CertificateIntake;
  readonly #lookup: CertificateLookup;

  /** Holds no resource; the store stays the caller's. */
  constructor({ store, directory, clock = systemClock }: KeyringOptions) {
    this.#clock = clock;
    this.#ownKeys = new OwnKeys(store, clock);
    this.#trustStore = new TrustStore(store);
    this.#intake = new CertificateIntake(this.#trustStore, clock);
    this.#lookup = new CertificateLookup({ trustStore: this.#trustStore, intake: this.#intake, directory, clock });
  }

  /**
   * The own certificate. Makes the own key when there is none, renews it 60 days before it expires, and gives it a user id for each alias; call at
   * each start, after the first sync. What is published is `ownCertificateFor` each address.
   */
  ensureOwnKey(owner: KeyOwner): Promise<Uint8Array> {
    return this.#ownKeys.ensure(owner);
  }

  /** As others see it who ask about one own address: it names no other. @throws {KeyringError} "noOwnKey", {CryptoError} "malformed" when the key does not name the address */
  async ownCertificateFor(address: MailAddress): Promise<Uint8Array> {
    return certificateForAddress(this.ownCertificate(), address);
  }

  /** @throws {KeyringError} "noOwnKey" before `ensureOwnKey` */
  ownCertificate(): Uint8Array {
    return this.#ownKeys.certificate();
  }

  /** Transferable secret keys for decryption, the active one first: it is also the one that signs. */
  ownSecretKeys(): Uint8Array[] {
    return this.#ownKeys.list().map(({ transferableSecretKey }) => transferableSecretKey);
  }

  /** Adds a key from elsewhere for reading old mail. The key must be unlocked (`importSecretKey`). */
  addRetiredKey(address: MailAddress, transferableSecretKey: Uint8Array): Promise<void> {
    return this.#ownKeys.addRetired(address, transferableSecretKey);
  }

  /** `Autocrypt: …` with its line ends, for mail from an own address. @throws as `ownCertificateFor` */
  async autocryptHeader(from: MailAddress): Promise<string> {
    return formatAutocryptHeader(canonicalAddress(from), await this.ownCertificateFor(from));
  }

  /** The certificate to encrypt to. Own addresses resolve to the own certificate. */
  async resolve(address: MailAddress): Promise<KeyResolution> {
    const active = this.#ownKeys.active();
    if (!active || !this.#ownKeys.owns(address)) return this.#lookup.resolve(address);
    return { state: 'verified', certificate: this.ownCertificate(), fingerprint: active.fingerprint, level: 'fingerprint' };
  }

  /** Every certificate ever tied to the address, refused ones too: for verifying, where the caller compares the fingerprint with `resolve`. */
  certificatesFor(address: MailAddress): Uint8Array[] {
    const trust = this.#trustStore.load(address)?.trust;
    const known = trust ? fingerprintsOf(trust).flatMap((fingerprint) => this.#trustStore.certificate(fingerprint) ?? []) : [];
    return [...this.#ownKeys.certificatesFor(address), ...known];
  }

  /** Offers a certificate from anywhere; the replacement rules decide. Own addresses take none: their certificate is ours to make. */
  async accept(address: MailAddress, certificate: Uint8Array, provenance: Provenance): Promise<Acceptance> {
    if (this.#ownKeys.owns(address)) return { outcome: 'unusable', reason: 'otherAddress' };
    return this.#intake.accept(address, certificate, provenance);
  }

  /**
   * Learns from the Autocrypt header of a mail whose From has this address. Mail from before the address became known
   * (imported, delayed) teaches nothing new: it may carry the former key.
   */
  async learnFromAutocrypt(from: MailAddress, headerValue: string, sentAtMs: number): Promise<Acceptance | null> {
    const header = parseAutocryptHeader(headerValue);
    if (header?.address !== canonicalAddress(from)) return null;
    const trust = this.#trustStore.load(from)?.trust;
    if (trust && sentAtMs < trust.firstSeenAtMs) return null;
    return this.accept(from, header.certificate, { source: 'autocrypt', level: LEVEL_EARNED_BY.autocrypt });
  }

  /** Remembers that a certificate served: a known key that was used both ways is harder to replace. */
  markUsed(address: MailAddress, use: 'encrypt' | 'verify'): void {
    const flag = use === 'encrypt' ? 'wasUsedToEncrypt' : 'wasUsedToVerify';
    if (this.#trustStore.load(address)?.trust[flag] !== false) return;
    this.#trustStore.change(address, (trust) => ({ ...trust, [flag]: true }));
  }

  /** What is known of a correspondent's keys, for him to read and decide; null when nothing is, and for own addresses. */
  trustIn(address: MailAddress): TrustDocument | null {
    return this.#trustStore.load(address)?.trust ?? null;
  }

  /**
   * The user compared this fingerprint with the correspondent. It may be the known certificate's or the refused one's, which
   * then takes its place. False when it is neither.
   */
  verifyFingerprint(address: MailAddress, fingerprint: Fingerprint): boolean {
    return this.#decide(address, fingerprint, 'fingerprint');
  }

  /** The user takes the changed key without having compared fingerprints. False when there is none to take. */
  takeRefused(address: MailAddress): boolean {
    const refused = this.#trustStore.load(address)?.trust.refusedFingerprint ?? null;
    return refused !== null && this.#decide(address, refused, 'knownKey');
  }

  /** The user keeps the known key; the other one is forgotten but for its fingerprint, and not asked about again. */
  keepKnown(address: MailAddress): void {
    this.#trustStore.change(address, keptTrust);
  }

  /** Asks the directory about one address, the one that was not checked for the longest time. What `KeyRefresher` does at random intervals. */
  refreshOldest(): Promise<void> {
    return this.#lookup.refreshOldest();
  }

  #decide(address: MailAddress, fingerprint: string, level: 'fingerprint' | 'knownKey'): boolean {
    return this.#trustStore.change(address, (trust) => decidedTrust(trust, fingerprint, level, this.#clock.nowMs()));
  }
}
