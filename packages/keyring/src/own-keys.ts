// The user's own keys: made at the first start without asking, renewed before they expire, kept for reading when retired.
// They exist only as documents of the sealed store.

import type { Clock, MailAddress, SecretKeyDocument } from '@paloma/shared-model';
import { canonicalAddress } from '@paloma/shared-model';
import { parseCertificate } from '@paloma/crypto/public';
import { certificateOf, generateSecretKey, renewSecretKey, type GeneratedSecretKey } from '@paloma/crypto/secret';
import type { DocumentStore } from '@paloma/document-store';
import { KeyringError } from './keyring-error.js';

const DAY_MS = 24 * 60 * 60_000;
/** Correspondents refresh within days; two months leave time for those that are switched off. */
const RENEW_BEFORE_EXPIRY_MS = 60 * DAY_MS;

export class OwnKeys {
  readonly #store: DocumentStore;
  readonly #clock: Clock;
  #ensuring: Promise<Uint8Array> | null = null;

  constructor(store: DocumentStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** The certificate to publish: of a new key when there was none, of the renewed one when it would expire soon. */
  ensure(owner: { address: MailAddress; name: string }): Promise<Uint8Array> {
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

  /** Certificates of all own keys of this address, for verifying what the user himself signed. */
  certificatesFor(address: MailAddress): Uint8Array[] {
    const own = this.list().filter((key) => key.address === canonicalAddress(address));
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

  async #ensure({ address, name }: { address: MailAddress; name: string }): Promise<Uint8Array> {
    const nowMs = this.#clock.nowMs();
    const active = this.active();
    if (active && !(await this.#expiresSoon(nowMs))) return this.certificate();
    const key = active ? await renewSecretKey(active.transferableSecretKey, nowMs) : await generateSecretKey({ address, name, nowMs });
    this.#save(key, { address: active ? active.address as MailAddress : address, state: 'active', createdAtMs: active?.createdAtMs ?? nowMs });
    return key.certificate;
  }

  async #expiresSoon(nowMs: number): Promise<boolean> {
    const parsed = await parseCertificate(this.certificate(), nowMs);
    if (!parsed.ok) throw new KeyringError('damagedCertificate', 'own certificate cannot be read');
    const { expiresAtMs } = parsed.certificate;
    return expiresAtMs !== null && expiresAtMs - nowMs < RENEW_BEFORE_EXPIRY_MS;
  }

  /** Durable: a key that was published and lost would take mail with it. */
  #save({ fingerprint, transferableSecretKey, certificate }: GeneratedSecretKey, { address, state, createdAtMs }: { address: MailAddress; state: SecretKeyDocument['state']; createdAtMs: number }): void {
    this.#store.transact((transaction) => {
      transaction.put('secret-key', fingerprint, { fingerprint, address: canonicalAddress(address), transferableSecretKey, state, createdAtMs });
      transaction.put('certificate', fingerprint, { fingerprint, transferablePublicKey: certificate });
    }, { durable: true });
  }
}
