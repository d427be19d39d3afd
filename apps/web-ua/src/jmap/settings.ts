// Who may get into the account, and with what (docs/protocol/jmap.md, `urn:paloma:params:jmap:settings`). Nothing is cached: what a
// settings page shows must be true now. `version` moves when the passwords of mail programs may have changed, here or elsewhere.

import { JmapError } from './jmap-error.js';
import type { JmapTransport } from './transport.js';
import type { AlarmAnswer, Device, GetResponse, MailAppPassword, MailProgramServers, RecoveryKit, SetResponse, SettingsRefusal } from './types.js';

export type SettingsOutcome<Value = null> = { ok: true; value: Value } | { ok: false; refusal: SettingsRefusal };

export class Settings {
  /** Counts changes. */
  version = 0;
  readonly #listeners = new Set<() => void>();

  /** `servers`: where mail programs on this machine connect; null where this way in shows no settings. */
  constructor(private readonly transport: JmapTransport, readonly servers: MailProgramServers | null) {}

  /** @throws {JmapError} */
  async mailAppPasswords(): Promise<MailAppPassword[]> {
    return (await this.transport.call<GetResponse<MailAppPassword>>('MailAppPassword/get', { ids: null }).result).list;
  }

  /** The password itself, this once. @throws {JmapError} */
  async createMailAppPassword(name: string, unlocksAccount: boolean): Promise<string> {
    const answer = await this.transport.call<SetResponse<{ password: string }>>('MailAppPassword/set', { create: { new: { name, unlocksAccount } } }).result;
    const created = answer.created?.['new'];
    if (!created) throw new JmapError('protocol', 'no password was made');
    this.noteChange();
    return created.password;
  }

  /** @throws {JmapError} */
  async revokeMailAppPassword(id: string): Promise<void> {
    await this.transport.call('MailAppPassword/set', { destroy: [id] }).result;
    this.noteChange();
  }

  /** @throws {JmapError} "method" while the provider cannot be asked */
  async devices(): Promise<Device[]> {
    return (await this.transport.call<GetResponse<Device>>('Device/get', { ids: null }).result).list;
  }

  /** @throws {JmapError} "method" while the provider cannot be asked */
  async removeDevice(id: string): Promise<void> {
    await this.transport.call('Device/set', { destroy: [id] }).result;
    this.noteChange();
  }

  /** @throws {JmapError} */
  async changePassphrase(passphrase: string, newPassphrase: string): Promise<SettingsOutcome> {
    const { refusal } = await this.transport.call<Refused>('Passphrase/change', { passphrase, newPassphrase }).result;
    return refusal ? { ok: false, refusal } : { ok: true, value: null };
  }

  /** @throws {JmapError} */
  async createRecoveryKit(passphrase: string): Promise<SettingsOutcome<RecoveryKit>> {
    const { refusal, kit } = await this.transport.call<Refused & { kit: RecoveryKit }>('RecoveryKit/create', { passphrase }).result;
    return refusal ? { ok: false, refusal } : { ok: true, value: kit };
  }

  /** With a passphrase all other devices are locked out. @throws {JmapError} */
  async rotateStorageRoot(passphrase: string | null): Promise<SettingsOutcome> {
    const { refusal } = await this.transport.call<Refused>('StorageRoot/rotate', { passphrase }).result;
    return refusal ? { ok: false, refusal } : { ok: true, value: null };
  }

  /** @throws {JmapError} */
  async answerAlarm(answer: AlarmAnswer): Promise<void> {
    await this.transport.call('Alarm/answer', { answer }).result;
  }

  noteChange(): void {
    this.version += 1;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  };
}

interface Refused {
  refusal: SettingsRefusal | null;
}
