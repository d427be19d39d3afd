// Passwords for mail programs: one for each program, shown once, revocable. 160 random bits need no slow hash, and the store
// they lie in is encrypted (docs/protocol/control-api.md §1). When one was used last is known on this device alone.

import { Redacted, type Clock, type MailAppPasswordDocument, type RandomSource } from '@paloma/shared-model';
import { equalInConstantTime } from '@paloma/crypto/public';
import type { VaultKey } from '@paloma/crypto/secret';
import type { LocalDocumentStore } from '@paloma/document-store';
import { mailAppPasswordHash, newMailAppPasswordText } from './mail-app-password-text.js';
import { lastUseOf, noteUse } from './mail-app-password-use.js';
import type { MailAppVerifiers } from './mail-app-verifiers.js';

const PASSWORD_ID_BYTES = 12;

export interface NewMailAppPassword {
  passwordId: string;
  password: Redacted<string>;
}

export interface MailAppPasswordSummary {
  passwordId: string;
  /** What the user calls the program. */
  name: string;
  createdAtMs: number;
  /** Last log-in on this device, to the minute; null: none yet. */
  lastUsedAtMs: number | null;
  /** On this device it opens the account too, when that is locked. */
  unlocksAccount: boolean;
}

export class MailAppPasswords {
  readonly #store: LocalDocumentStore;
  readonly #clock: Clock;
  readonly #random: RandomSource;
  readonly #revocations = new Map<string, AbortController>();
  #shadow: { verifiers: MailAppVerifiers; vaultKey: VaultKey } | null = null;

  constructor(store: LocalDocumentStore, clock: Clock, random: RandomSource) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
    store.subscribe((changes) => { if (changes.some(({ type }) => type === 'mail-app-password')) this.#settle(); });
  }

  /** From now on `verifiers` knows, for when the account is locked, which passwords there are. */
  mirrorTo(verifiers: MailAppVerifiers, vaultKey: VaultKey): void {
    this.#shadow = { verifiers, vaultKey };
    this.#settle();
  }

  create(name: string): NewMailAppPassword {
    const passwordId = Buffer.from(this.#random.bytes(PASSWORD_ID_BYTES)).toString('base64url');
    const password = newMailAppPasswordText(this.#random);
    const document: MailAppPasswordDocument = { passwordId, name, sha256: mailAppPasswordHash(password), createdAtMs: this.#clock.nowMs(), revokedAtMs: null };
    this.#store.transact((transaction) => transaction.put('mail-app-password', passwordId, document), { durable: true });
    return { passwordId, password: new Redacted(password) };
  }

  /** Those that are good, the oldest first. */
  list(): MailAppPasswordSummary[] {
    const summaries = this.#good().map(({ passwordId, name, createdAtMs }) => ({
      passwordId, name, createdAtMs, lastUsedAtMs: lastUseOf(this.#store, passwordId), unlocksAccount: this.#shadow?.verifiers.unlocks(passwordId) ?? false,
    }));
    return summaries.sort((a, b) => a.createdAtMs - b.createdAtMs || a.passwordId.localeCompare(b.passwordId));
  }

  /** On every device, and for the sessions that are open with it. False: there is no such password. */
  revoke(passwordId: string): boolean {
    return this.#store.transact((transaction) => {
      const known = transaction.get('mail-app-password', passwordId)?.content;
      if (known?.revokedAtMs !== null) return false;
      transaction.put('mail-app-password', passwordId, { ...known, revokedAtMs: this.#clock.nowMs() });
      return true;
    }, { durable: true });
  }

  /**
   * A log-in with this password; null when it is none of ours. The signal is aborted when it is revoked, here or on another device.
   * Every password is compared, so the time says nothing about which one it was.
   */
  admit(password: string): { revoked: AbortSignal } | null {
    const hash = mailAppPasswordHash(password);
    const [known] = this.#good().filter(({ sha256 }) => equalInConstantTime(sha256, hash));
    if (!known) return null;
    noteUse(this.#store, known.passwordId, this.#clock.nowMs());
    return { revoked: this.#revocationOf(known.passwordId).signal };
  }

  #good(): MailAppPasswordDocument[] {
    return this.#store.list('mail-app-password').map(({ content }) => content).filter(({ revokedAtMs }) => revokedAtMs === null);
  }

  #revocationOf(passwordId: string): AbortController {
    const revocation = this.#revocations.get(passwordId) ?? new AbortController();
    this.#revocations.set(passwordId, revocation);
    return revocation;
  }

  /** After a change here or from another device. */
  #settle(): void {
    const good = this.#good();
    this.#shadow?.verifiers.keep(good, this.#shadow.vaultKey);
    for (const [passwordId, revocation] of this.#revocations) {
      if (good.some((password) => password.passwordId === passwordId)) continue;
      this.#revocations.delete(passwordId);
      revocation.abort();
    }
  }
}
