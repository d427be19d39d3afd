// The settings of one account as the web UA sees them (docs/protocol/jmap.md): the same acts as the control API's, with what the
// user can do something about as values.

import type { AccountId, Redacted } from '@paloma/shared-model';
import type { AccountDevice, AccountSettings, AlarmAnswer, MailAppPassword, RecoveryKit, SettingsOutcome, SettingsRefusal } from '@paloma/mail-store/port';
import { DaemonError, type DaemonErrorCode } from '../daemon-error.js';
import type { AccountLifecycle } from './account-lifecycle.js';
import type { AccountRegistry } from './account-registry.js';
import type { OpenedAccount } from './opened-account.js';

/** All other codes are no answer to what a settings page asks. */
const REFUSAL_BY_CODE: Partial<Record<DaemonErrorCode, SettingsRefusal>> = {
  wrongPassphrase: 'wrongPassphrase', unknownDevice: 'notFound', providerUnreachable: 'providerUnreachable', providerRefused: 'providerRefused', deviceRemoved: 'providerRefused',
};

const ACT_BY_ANSWER = {
  dismiss: (account) => account.dismissAlarms(),
  acceptRestoredProvider: (account) => account.acceptRestoredProvider(),
  startAfresh: (account) => account.startAfresh(),
} satisfies Record<AlarmAnswer, (account: OpenedAccount) => void>;

export interface OwnerSettingsParts {
  accountId: AccountId;
  registry: AccountRegistry;
  lifecycle: AccountLifecycle;
  mailProgramServers: AccountSettings['mailProgramServers'];
}

export class OwnerSettings implements AccountSettings {
  readonly #parts: OwnerSettingsParts;

  constructor(parts: OwnerSettingsParts) {
    this.#parts = parts;
  }

  get mailProgramServers(): AccountSettings['mailProgramServers'] {
    return this.#parts.mailProgramServers;
  }

  mailAppPasswords(): MailAppPassword[] {
    return this.#account.mailAppPasswords.list();
  }

  createMailAppPassword(input: { name: string; unlocksAccount: boolean }): Promise<{ passwordId: string; password: Redacted<string> }> {
    return this.#parts.registry.createMailAppPassword(this.#parts.accountId, input);
  }

  revokeMailAppPassword(passwordId: string): boolean {
    return this.#account.mailAppPasswords.revoke(passwordId);
  }

  subscribe(listener: () => void): () => void {
    return this.#account.access.store.subscribe((changes) => { if (changes.some(({ type }) => type === 'mail-app-password')) listener(); });
  }

  devices(): Promise<SettingsOutcome<AccountDevice[]>> {
    const { lifecycle, accountId } = this.#parts;
    return outcomeOf(async () => (await lifecycle.listDevices(accountId)).map(({ replicaUid, ...device }) => ({ deviceId: replicaUid, ...device })));
  }

  removeDevice(deviceId: string): Promise<SettingsOutcome> {
    return outcomeOf(async () => {
      await this.#parts.lifecycle.removeDevice(this.#parts.accountId, deviceId);
      return null;
    });
  }

  changePassphrase(passphrase: Redacted<string>, newPassphrase: Redacted<string>): Promise<SettingsOutcome> {
    return outcomeOf(async () => {
      await this.#parts.lifecycle.changePassphrase(this.#parts.accountId, passphrase, newPassphrase);
      return null;
    });
  }

  createRecoveryKit(passphrase: Redacted<string>): Promise<SettingsOutcome<RecoveryKit>> {
    return outcomeOf(() => this.#parts.lifecycle.createRecoveryCode(this.#parts.accountId, passphrase));
  }

  rotateStorageRoot(lockOut: Redacted<string> | null): Promise<SettingsOutcome> {
    return outcomeOf(async () => {
      await this.#parts.lifecycle.rotate(this.#parts.accountId, lockOut && { passphrase: lockOut });
      return null;
    });
  }

  answerAlarm(answer: AlarmAnswer): void {
    ACT_BY_ANSWER[answer](this.#account);
  }

  get #account(): OpenedAccount {
    return this.#parts.registry.opened(this.#parts.accountId);
  }
}

async function outcomeOf<Value>(act: () => Promise<Value>): Promise<SettingsOutcome<Value>> {
  try {
    return { ok: true, value: await act() };
  } catch (error) {
    const refusal = error instanceof DaemonError ? REFUSAL_BY_CODE[error.code] : undefined;
    if (!refusal) throw error;
    return { ok: false, refusal };
  }
}
