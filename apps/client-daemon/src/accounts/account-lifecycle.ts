// The changes of an account that its owner makes from this device: passphrase, recovery code, devices, storage root.

import { parseReplicaUid, type AccountId, type Clock, type Redacted, type ReplicaUid } from '@paloma/shared-model';
import { DeviceClient } from '@paloma/document-store';
import { DaemonError } from '../daemon-error.js';
import type { AccountRegistry } from './account-registry.js';
import { recoveryKit, type RecoveryKit } from './recovery-kit.js';
import { needingProvider, refusalError } from './refusal-sentences.js';

export interface DeviceSummary {
  replicaUid: ReplicaUid;
  /** Null: a device that has not synced its name yet. */
  name: string | null;
  createdAtMs: number;
  /** Exact to an hour. */
  lastSeenAtMs: number;
  isCurrent: boolean;
}

export class AccountLifecycle {
  constructor(private readonly registry: AccountRegistry, private readonly clock: Clock) {}

  /** Ends the sessions of all other devices. @throws {DaemonError} "wrongPassphrase" when the one before is wrong */
  async changePassphrase(accountId: AccountId, passphrase: Redacted<string>, newPassphrase: Redacted<string>): Promise<void> {
    const { vault, session, unlocked, replicaUid, address } = this.registry.opened(accountId).access;
    const outcome = await needingProvider(() => vault.changePassphrase(session, { address, passphrase }, newPassphrase, { ...unlocked, replicaUid }));
    if (!outcome.ok) throw refusalError(outcome.refusal);
    await this.registry.reopen(accountId, { unlocked, token: outcome.token });
  }

  /** A new code; one made before ends. It is in the answer and nowhere else. */
  async createRecoveryCode(accountId: AccountId, passphrase: Redacted<string>): Promise<RecoveryKit> {
    const { vault, session, unlocked, replicaUid, address, providerUrl } = this.registry.opened(accountId).access;
    const outcome = await needingProvider(() => vault.createRecoveryCode(session, { address, passphrase }, { ...unlocked, replicaUid }));
    if (!outcome.ok) throw refusalError(outcome.refusal);
    return recoveryKit({ code: outcome.code, address, providerUrl, madeAtMs: this.clock.nowMs() });
  }

  async listDevices(accountId: AccountId): Promise<DeviceSummary[]> {
    const { session, store } = this.registry.opened(accountId).access;
    const devices = await needingProvider(() => new DeviceClient(session).list());
    return devices.map((device) => ({ ...device, name: store.get('device', device.replicaUid)?.content.name ?? null }));
  }

  /** Ends the device's sessions; to be used again it must be signed in afresh. @throws {DaemonError} "unknownDevice" */
  async removeDevice(accountId: AccountId, replicaUid: string): Promise<void> {
    const { session, store } = this.registry.opened(accountId).access;
    const isRemoved = await needingProvider(() => new DeviceClient(session).remove(parseReplicaUid(replicaUid)));
    if (!isRemoved) throw new DaemonError('unknownDevice', 'There is no such device in this account.');
    store.transact((transaction) => transaction.delete('device', replicaUid));
  }

  /** A new storage root. With `lockOut` all other devices need the passphrase again, and the recovery code ends. */
  async rotate(accountId: AccountId, lockOut: { passphrase: Redacted<string> } | null): Promise<void> {
    const account = this.registry.opened(accountId);
    if (!lockOut) {
      if (!(await needingProvider(() => account.accountKeys.rotate()))) throw refusalError('vaultLocked');
      return;
    }
    const { vault, session, unlocked, replicaUid, address } = account.access;
    const rotate = () => vault.rotateLockingOut(session, { address, passphrase: lockOut.passphrase }, { ...unlocked, replicaUid });
    const outcome = await needingProvider(() => account.accountKeys.announcing(rotate));
    if (!outcome.ok) throw refusalError(outcome.refusal);
    await this.registry.reopen(accountId, { unlocked: outcome.account, token: outcome.account.token });
  }
}
