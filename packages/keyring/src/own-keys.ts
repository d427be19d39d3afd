// The user's own keys: made at the first start without asking, renewed before they expire, kept for reading when retired.
// They exist only as documents of the sealed store.

import type { Clock, MailAddress, SecretKeyDocument } from '@paloma/shared-model';
import { canonicalAddress } from '@paloma/shared-model';
import { parseCertificate, type Certificate } from '@paloma/crypto/public';
import { certificateOf, generateSecretKey, renewSecretKey, type GeneratedSecretKey } from '@paloma/crypto/secret';
import type { DocumentStore } from '@paloma/document-store';
import { KeyringError } from './keyring-error.js';

const DAY_MS = 24 * 60 * 60_000;
/** Correspondents refresh within days; two months leave time for those that are switched off. */
const RENEW_BEFORE_EXPIRY_MS = 60 * DAY_MS;

export interface KeyOwner {
  address: MailAddress;
  name: string;
  /** Further addresses: each gets a user id. */
  aliases?: readonly MailAddress[];
}

export class OwnKeys {
  readonly #store: DocumentStore;
  readonly #clock: Clock;
  #ensuring: Promise<Uint8Array> | null = null;

  constructor(store: DocumentStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The certificate to publish: of a new key when there was none, of the renewed one when it would expire soon. */
  ensure(owner: KeyOwner): Promise<Uint8Array> {
    this.#ensuring ??= this.#ensure(owner).finally(() => { this.#ensuring = null; });
    return this.#ensuring;
  }

  /** Active ones first, the newest first among equals, so that two devices that both made one agree. */
  list(): SecretKeyDocument[] {
    const documents = this.#store.list('secret-key').map(({ content }) => content);
    return documents.sort((a, b) =>
      Number(b.state === 'active') - Number(a.state === 'active') || b.createdAtMs - a.createdAtMs || a.fingerprint.localeCompare(b.fingerprint));
  }

  active(): SecretKeyDocument | null {
    const [first] = this.list();
    return first?.state === 'active' ? first : null;
  }

  /** Certificate of the active key. @throws {KeyringError} "noOwnKey" before `ensure` */
  certificate(): Uint8Array {
    const active = this.active();
    const document = active && this.#store.get('certificate', active.fingerprint);
    if (!document) throw new KeyringError('noOwnKey', 'the account has no active key');
    return document.content.transferablePublicKey;
  }

  /** Whether the address is the user's own: that of an own key, or one that he sends from. */
  owns(address: MailAddress): boolean {
    const wanted = canonicalAddress(address);
    return this.list().some((key) => key.address === wanted) || this.#store.list('identity').some(({ content }) => canonicalAddress(content.address as MailAddress) === wanted);
  }

  /** Certificates of all own keys, when the address is an own one: for verifying what the user himself signed. */
  certificatesFor(address: MailAddress): Uint8Array[] {
    const own = this.owns(address) ? this.list() : [];
    return own.flatMap(({ fingerprint }) => this.#store.get('certificate', fingerprint)?.content.transferablePublicKey ?? []);
  }

  /** Keeps a key from elsewhere for reading old mail; the active one stays what it is. */
  async addRetired(address: MailAddress, transferableSecretKey: Uint8Array): Promise<void> {
    const certificate = await certificateOf(transferableSecretKey);
    const parsed = await parseCertificate(certificate, this.#clock.nowMs());
    if (!parsed.ok) throw new KeyringError('damagedCertificate', 'certificate of an imported key cannot be read');
    const { fingerprint, createdAtMs } = parsed.certificate;
    const isActive = this.active()?.fingerprint === fingerprint;
    if (!isActive) this.#save({ fingerprint, transferableSecretKey, certificate }, { address, state: 'retired', createdAtMs });
  }

  async #ensure({ address, name, aliases = [] }: KeyOwner): Promise<Uint8Array> {
    const nowMs = this.#clock.nowMs();
    const known = this.active();
    if (!known) this.#save(await generateSecretKey({ address, name, nowMs }), { address, state: 'active', createdAtMs: nowMs });
    const active = this.active()!;
    const { expiresAtMs, addresses } = await this.#parseCertificate(nowMs);
    const further = aliases.filter((alias) => !addresses.includes(canonicalAddress(alias))).map((alias) => ({ address: canonicalAddress(alias), name }));
    const expiresSoon = expiresAtMs !== null && expiresAtMs - nowMs < RENEW_BEFORE_EXPIRY_MS;
    if (!expiresSoon && further.length === 0) return this.certificate();
    const key = await renewSecretKey(active.transferableSecretKey, nowMs, further);
    this.#save(key, { address: active.address as MailAddress, state: 'active', createdAtMs: active.createdAtMs });
    return key.certificate;
  }

  async #parseCertificate(nowMs: number): Promise<Certificate> {
    const parsed = await parseCertificate(this.certificate(), nowMs);
    if (!parsed.ok) throw new KeyringError('damagedCertificate', 'own certificate cannot be read');
    return parsed.certificate;
  }

  /** Durable: a key that was published and lost would take mail with it. */
  #save({ fingerprint, transferableSecretKey, certificate }: GeneratedSecretKey, { address, state, createdAtMs }: { address: MailAddress; state: SecretKeyDocument['state']; createdAtMs: number }): void {
    this.#store.transact((transaction) => {
      transaction.put('secret-key', fingerprint, { fingerprint, address: canonicalAddress(address), transferableSecretKey, state, createdAtMs });
      transaction.put('certificate', fingerprint, { fingerprint, transferablePublicKey: certificate });
    }, { durable: true });
  }
}
