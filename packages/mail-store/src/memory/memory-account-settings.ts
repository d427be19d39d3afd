// Settings of an account in memory, for tests of the servers and of the web UA: one passphrase, and devices without cryptography.

import { Redacted, type Clock, type MailProgramServer } from '@paloma/shared-model';
import type { AccountDevice, AccountSettings, AlarmAnswer, MailAppPassword, SettingsOutcome } from '../port/index.js';

export interface MemoryAccountSettingsOptions {
  clock: Clock;
  passphrase: string;
  devices?: readonly AccountDevice[];
  onAlarmAnswered?: (answer: AlarmAnswer) => void;
}

export interface MemoryAccountSettings extends AccountSettings {
  /** From now on the provider cannot be reached, or can again. */
  isOffline: boolean;
  /** As when a mail program logs in. */
  use(passwordId: string): void;
  readonly rotations: readonly ('plain' | 'lockOut')[];
}

export function createMemoryAccountSettings(options: MemoryAccountSettingsOptions): MemoryAccountSettings {
  return new SettingsInMemory(options);
}

const done: SettingsOutcome = { ok: true, value: null };
const loopback = (port: number): MailProgramServer => ({ host: '127.0.0.1', port, isTls: false });

class SettingsInMemory implements MemoryAccountSettings {
  readonly mailProgramServers = { imap: loopback(1984), smtp: loopback(2013) };
  readonly rotations: ('plain' | 'lockOut')[] = [];
  isOffline = false;
  readonly #listeners = new Set<() => void>();
  readonly #passwords = new Map<string, MailAppPassword>();
  readonly #options: MemoryAccountSettingsOptions;
  #passphrase: string;
  #devices: AccountDevice[];
  #made = 0;

  constructor(options: MemoryAccountSettingsOptions) {
    this.#options = options;
    this.#passphrase = options.passphrase;
    this.#devices = [...options.devices ?? []];
  }

  mailAppPasswords(): MailAppPassword[] {
    return [...this.#passwords.values()];
  }

  async createMailAppPassword({ name, unlocksAccount }: { name: string; unlocksAccount: boolean }): Promise<{ passwordId: string; password: Redacted<string> }> {
    const passwordId = `password-${++this.#made}`;
    this.#passwords.set(passwordId, { passwordId, name, createdAtMs: this.#options.clock.nowMs(), lastUsedAtMs: null, unlocksAccount });
    this.#tell();
    return { passwordId, password: new Redacted(`abcd-efgh-ijkl-mnop-qrst-uvwx-yz23-${String(4000 + this.#made)}`) };
  }

  revokeMailAppPassword(passwordId: string): boolean {
    const isKnown = this.#passwords.delete(passwordId);
    if (isKnown) this.#tell();
    return isKnown;
  }

  use(passwordId: string): void {
    this.#passwords.set(passwordId, { ...this.#passwords.get(passwordId)!, lastUsedAtMs: this.#options.clock.nowMs() });
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async devices(): Promise<SettingsOutcome<AccountDevice[]>> {
    return this.isOffline ? { ok: false, refusal: 'providerUnreachable' } : { ok: true, value: this.#devices };
  }

  async removeDevice(deviceId: string): Promise<SettingsOutcome> {
    if (!this.#devices.some((device) => device.deviceId === deviceId)) return { ok: false, refusal: 'notFound' };
    this.#devices = this.#devices.filter((device) => device.deviceId !== deviceId);
    return done;
  }

  async changePassphrase(passphrase: Redacted<string>, newPassphrase: Redacted<string>): Promise<SettingsOutcome> {
    const checked = this.#check(passphrase);
    if (checked.ok) this.#passphrase = newPassphrase.reveal();
    return checked;
  }

  async createRecoveryKit(passphrase: Redacted<string>): Promise<SettingsOutcome<{ code: string; html: string; text: string }>> {
    const checked = this.#check(passphrase);
    const code = 'A1B2C-D3E4F-G5H6J-K7M8N-P9Q0R-S1T2V-W3X4Y-Z5A6B';
    return checked.ok ? { ok: true, value: { code, html: `<!doctype html><title>Recovery kit</title><p>${code}</p>`, text: code } } : checked;
  }

  async rotateStorageRoot(lockOut: Redacted<string> | null): Promise<SettingsOutcome> {
    const checked = lockOut ? this.#check(lockOut) : done;
    if (checked.ok) this.rotations.push(lockOut ? 'lockOut' : 'plain');
    return checked;
  }

  answerAlarm(answer: AlarmAnswer): void {
    this.#options.onAlarmAnswered?.(answer);
  }

  #check(passphrase: Redacted<string>): { ok: true; value: null } | { ok: false; refusal: 'providerUnreachable' | 'wrongPassphrase' } {
    if (this.isOffline) return { ok: false, refusal: 'providerUnreachable' };
    return passphrase.reveal() === this.#passphrase ? { ok: true, value: null } : { ok: false, refusal: 'wrongPassphrase' };
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
