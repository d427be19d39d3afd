// Passwords for mail programs: one for each program, shown once, revocable. 160 random bits need no slow hash, and the store
// they lie in is encrypted (docs/protocol/control-api.md §1).

import { Redacted, type Clock, type MailAppPasswordDocument, type RandomSource } from '@paloma/shared-model';
import { equalInConstantTime, hashToken } from '@paloma/crypto/public';
import type { LocalDocumentStore } from '@paloma/document-store';

const PASSWORD_BYTES = 20;
const GROUP_CHARS = 4;
/** No characters that look alike (RFC 4648 §6 base32 alphabet, lower case). */
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

export interface NewMailAppPassword {
  passwordId: string;
  password: Redacted<string>;
}

export class MailAppPasswords {
  readonly #store: LocalDocumentStore;
  readonly #clock: Clock;
  readonly #random: RandomSource;

  constructor(store: LocalDocumentStore, clock: Clock, random: RandomSource) {
    this.#store = store;
    this.#clock = clock;
    this.#random = random;
  }

  create(name: string): NewMailAppPassword {
    const passwordId = Buffer.from(this.#random.bytes(12)).toString('base64url');
    const password = formatPassword(this.#random.bytes(PASSWORD_BYTES));
    const document: MailAppPasswordDocument = { passwordId, name, sha256: hashOf(password), createdAtMs: this.#clock.nowMs(), revokedAtMs: null };
    this.#store.transact((transaction) => transaction.put('mail-app-password', passwordId, document), { durable: true });
    return { passwordId, password: new Redacted(password) };
  }

  /** Every password is compared, so the time says nothing about which one it was. */
  accepts(password: string): boolean {
    const hash = hashOf(password);
    const known = this.#store.list('mail-app-password').filter(({ content }) => content.revokedAtMs === null);
    return known.filter(({ content }) => equalInConstantTime(content.sha256, hash)).length > 0;
  }
}

/** Spaces and hyphens are for reading; a program may send the password with or without them. */
function hashOf(password: string): Uint8Array {
  return hashToken(password.replaceAll(/[\s-]/g, '').toLowerCase());
}

function formatPassword(bytes: Uint8Array): string {
  const bits = [...bytes].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  const text = bits.match(/.{5}/g)!.map((five) => ALPHABET[Number.parseInt(five, 2)]).join('');
  return text.match(new RegExp(`.{${GROUP_CHARS}}`, 'g'))!.join('-');
}
