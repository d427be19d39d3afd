// `mail-app-passwords.json` in the account's directory: what the daemon must know of mail-app passwords while the account is locked,
// so that it can tell the owner of one from a stranger, and so that one may open the account if the user chose that. Of each
// password its SHA-256, which is no help against 160 random bits, and no name. The documents of the sealed store are the truth; this is
// their shadow (docs/decisions/0009-mail-programs-before-the-passphrase.md).

import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { MailAppPasswordDocument } from '@paloma/shared-model';
import { equalInConstantTime } from '@paloma/crypto/public';
import type { VaultKey } from '@paloma/crypto/secret';
import { z } from 'zod';
import { mailAppPasswordHash } from './mail-app-password-text.js';

const base64url = z.base64url().max(100_000);
/** `vaultKeySha256`: of the key that the vault gives. */
const unlocking = z.strictObject({ vault: base64url, vaultKeySha256: base64url });
const verifier = z.strictObject({ passwordId: z.string(), sha256: base64url, unlocking: unlocking.nullable() });
const verifiersFile = z.strictObject({ v: z.literal(1), passwords: z.array(verifier) });
type Verifier = z.infer<typeof verifier>;

export class MailAppVerifiers {
  constructor(private readonly path: string) {}

  /** Null when it is no password of this account. `vault`: what it opens, see mail-app-unlocking.ts; null: nothing. */
  match(password: string): { vault: Uint8Array | null } | null {
    const hash = mailAppPasswordHash(password);
    const [match] = this.#load().filter(({ sha256 }) => equalInConstantTime(Buffer.from(sha256, 'base64url'), hash));
    return match ? { vault: match.unlocking && new Uint8Array(Buffer.from(match.unlocking.vault, 'base64url')) } : null;
  }

  unlocks(passwordId: string): boolean {
    return this.#load().some((known) => known.passwordId === passwordId && known.unlocking !== null);
  }

  /** The passwords that are good now, of an account with this vault key: what is known of others, and what opens a key before it, goes. */
  keep(passwords: readonly MailAppPasswordDocument[], vaultKey: VaultKey): void {
    const before = this.#load();
    const current = hashOf(vaultKey);
    const after = passwords.map(({ passwordId, sha256 }): Verifier => ({
      passwordId, sha256: Buffer.from(sha256).toString('base64url'), unlocking: before.find((known) => known.passwordId === passwordId && known.unlocking?.vaultKeySha256 === current)?.unlocking ?? null,
    }));
    if (JSON.stringify(after) !== JSON.stringify(before)) this.#save(after);
  }

  /** From now on this password opens the account. */
  letUnlock(passwordId: string, vault: Uint8Array, vaultKey: VaultKey): void {
    const unlocking = { vault: Buffer.from(vault).toString('base64url'), vaultKeySha256: hashOf(vaultKey) };
    this.#save(this.#load().map((known) => (known.passwordId === passwordId ? { ...known, unlocking } : known)));
  }

  /** A file that is damaged counts as none: it is made anew when the account is opened. */
  #load(): Verifier[] {
    if (!existsSync(this.path)) return [];
    const parsed = verifiersFile.safeParse(parseJson(readFileSync(this.path, 'utf8')));
    return parsed.success ? parsed.data.passwords : [];
  }

  #save(passwords: readonly Verifier[]): void {
    writeFileSync(`${this.path}.new`, `${JSON.stringify({ v: 1, passwords })}\n`, { mode: 0o600, flush: true });
    renameSync(`${this.path}.new`, this.path);
  }
}

function hashOf(vaultKey: VaultKey): string {
  return createHash('sha256').update(vaultKey.reveal()).digest('base64url');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
