// Speaks docs/protocol/control-api.md to one daemon.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeploymentError } from './deployment-error.js';

export interface AccountStatus {
  accountId: string;
  address: string;
  state: 'locked' | 'opening' | 'open' | 'signInNeeded';
  sync: { phase: string; pendingUp: number; pendingDown: number; lastSyncAtMs: number | null; error: string | null; alarm: string | null } | null;
  resealing: { epoch: number; phase: 'documents' | 'blobs'; done: number; total: number } | null;
  vaultRolledBack: boolean;
}

export interface DeviceStatus {
  replicaUid: string;
  name: string | null;
  createdAtMs: number;
  lastSeenAtMs: number;
  isCurrent: boolean;
}

export interface NewAccount {
  mode: 'signUp' | 'signIn' | 'recover';
  providerUrl: string;
  address: string;
  passphrase: string;
  deviceName: string;
  name?: string;
  recoveryCode?: string;
}

export class ControlClient {
  readonly #baseUrl: string;
  readonly #token: string;

  constructor(httpPort: number, daemonDirectory: string) {
    this.#baseUrl = `http://127.0.0.1:${httpPort}/control/v1`;
    this.#token = readFileSync(join(daemonDirectory, 'control-token'), 'utf8').trim();
  }

  async accounts(): Promise<AccountStatus[]> {
    return (await this.#call<{ accounts: AccountStatus[] }>('GET', '/status')).accounts;
  }

  async addAccount(account: NewAccount): Promise<string> {
    return (await this.#call<{ accountId: string }>('POST', '/accounts', account)).accountId;
  }

  async unlock(accountId: string, passphrase: string): Promise<void> {
    await this.#call('POST', `/accounts/${accountId}/unlock`, { passphrase });
  }

  async changePassphrase(accountId: string, passphrase: string, newPassphrase: string): Promise<void> {
    await this.#call('POST', `/accounts/${accountId}/passphrase`, { passphrase, newPassphrase });
  }

  /** Shown this once, with the page to print. */
  createRecoveryCode(accountId: string, passphrase: string): Promise<{ code: string; kit: { html: string; text: string } }> {
    return this.#call('POST', `/accounts/${accountId}/recovery-code`, { passphrase });
  }

  async devices(accountId: string): Promise<DeviceStatus[]> {
    return (await this.#call<{ devices: DeviceStatus[] }>('GET', `/accounts/${accountId}/devices`)).devices;
  }

  async removeDevice(accountId: string, replicaUid: string): Promise<void> {
    await this.#call('DELETE', `/accounts/${accountId}/devices/${replicaUid}`);
  }

  async rotate(accountId: string, lockOut?: { passphrase: string }): Promise<void> {
    await this.#call('POST', `/accounts/${accountId}/rotate`, lockOut ? { lockOut } : {});
  }

  /** Resolves when nothing is pending in either direction. */
  async sync(accountId: string): Promise<void> {
    await this.#call('POST', `/accounts/${accountId}/sync`);
  }

  async dismissAlarms(accountId: string): Promise<void> {
    await this.#call('POST', `/accounts/${accountId}/dismiss-alarms`);
  }

  async acceptRestoredProvider(accountId: string): Promise<void> {
    await this.#call('POST', `/accounts/${accountId}/accept-restored-provider`);
  }

  async createMailAppPassword(accountId: string, name: string): Promise<string> {
    return (await this.#call<{ password: string }>('POST', `/accounts/${accountId}/mail-app-passwords`, { name })).password;
  }

  /** Address of the web UA with a one-time ticket. */
  async webTicketUrl(accountId: string): Promise<string> {
    return (await this.#call<{ url: string }>('POST', `/accounts/${accountId}/web-ticket`)).url;
  }

  async #call<Answer>(method: string, path: string, body?: object): Promise<Answer> {
    const response = await fetch(this.#baseUrl + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new DeploymentError('controlRefused', `The daemon refused ${method} ${path.replace(/[\w-]{22}/, '…')}: ${response.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}
