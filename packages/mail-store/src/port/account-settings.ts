// What the owner of an account may see and change of it besides mail: who may get in, and with what. Outcomes that a user can do
// something about are values.

import type { MailProgramServers, Redacted } from '@paloma/shared-model';

/** A password that lets one mail program on this device in. */
export interface MailAppPassword {
  passwordId: string;
  /** What the user calls the program. */
  name: string;
  createdAtMs: number;
  /** Last log-in on this device; null: none yet. */
  lastUsedAtMs: number | null;
  /** On this device it opens the account too, when that is locked. */
  unlocksAccount: boolean;
}

export interface AccountDevice {
  deviceId: string;
  /** Null: not known yet. */
  name: string | null;
  createdAtMs: number;
  /** Exact to an hour. */
  lastSeenAtMs: number;
  /** The one that answers. */
  isCurrent: boolean;
}

export interface RecoveryKit {
  /** In groups. */
  code: string;
  /** A page to print, without scripts. */
  html: string;
  text: string;
}

export type SettingsRefusal = 'wrongPassphrase' | 'notFound' | 'providerUnreachable' | 'providerRefused';
export type SettingsOutcome<Value = null> = { ok: true; value: Value } | { ok: false; refusal: SettingsRefusal };

/**
 * What the user says to an alarm: he has seen it; he knows that the provider was restored from a backup; he knows that this
 * device was.
 */
export type AlarmAnswer = 'dismiss' | 'acceptRestoredProvider' | 'startAfresh';

export interface AccountSettings {
  /** Where mail programs on this machine connect. */
  readonly mailProgramServers: MailProgramServers;
  mailAppPasswords(): MailAppPassword[];
  /** The password is in the answer and nowhere else. */
  createMailAppPassword(input: { name: string; unlocksAccount: boolean }): Promise<{ passwordId: string; password: Redacted<string> }>;
  /** On all devices; sessions that are open with it end. False: there is none. */
  revokeMailAppPassword(passwordId: string): boolean;
  /** After changes here and on other devices. */
  subscribe(listener: () => void): () => void;
  devices(): Promise<SettingsOutcome<AccountDevice[]>>;
  /** Its sessions end; it has to be signed in afresh. */
  removeDevice(deviceId: string): Promise<SettingsOutcome>;
  /** All other sessions of the account end. */
  changePassphrase(passphrase: Redacted<string>, newPassphrase: Redacted<string>): Promise<SettingsOutcome>;
  /** One made before ends. */
  createRecoveryKit(passphrase: Redacted<string>): Promise<SettingsOutcome<RecoveryKit>>;
  /** A new storage root. With a passphrase all other devices are locked out and the recovery code ends. */
  rotateStorageRoot(lockOut: Redacted<string> | null): Promise<SettingsOutcome>;
  answerAlarm(answer: AlarmAnswer): void;
}
