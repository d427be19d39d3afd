// What an open account does with its vault: hears of later storage roots, makes one, and seals everything anew under it in
// the background.

import { hostname } from 'node:os';
import { parseBlobNamespace, type Clock, type RandomSource } from '@paloma/shared-model';
import {
  BlobReplacementClient, DeviceClient, EpochLearningTransport, HttpsSyncTransport, Resealing, Retirement, StoreError,
  type AccountVault, type LocalDocumentStore, type ProviderConnection, type ResealingProgress, type SyncReport, type UnlockedAccount,
} from '@paloma/document-store';
import type { Logger } from '../log.js';

/** Where mail keeps blobs that reach the provider. If you add a namespace, add it behind the others. */
const BLOB_NAMESPACES = ['mail', 'quarantine'].map(parseBlobNamespace);

export interface AccountKeysParts {
  vault: AccountVault;
  unlocked: UnlockedAccount;
  store: LocalDocumentStore;
  /** With a session. */
  session: ProviderConnection;
  deviceName: string | undefined;
  clock: Clock;
  random: RandomSource;
  log: Logger;
  sync(): Promise<SyncReport>;
}

export class AccountKeys {
  /** For the sync engine. */
  readonly transport: EpochLearningTransport;
  readonly #parts: AccountKeysParts;
  readonly #resealing: Resealing;
  readonly #retirement: Retirement;
  /** The newest vault was seen: until then it is not known what is to be sealed anew. */
  #hasSeenVault = false;
  #isStopped = false;
  #refusal: 'vaultLocked' | 'vaultRolledBack' | null = null;

  constructor(parts: AccountKeysParts) {
    const { store, session, random, sync, unlocked, clock, vault } = parts;
    this.#parts = parts;
    this.transport = new EpochLearningTransport({ connection: session, keys: unlocked.keys, learn: () => this.refresh() });
    const shared = { store, random, sync, namespaces: BLOB_NAMESPACES, transport: new HttpsSyncTransport(session), replacement: new BlobReplacementClient(session) };
    this.#resealing = new Resealing(shared);
    this.#retirement = new Retirement({
      ...shared, clock,
      listReplicas: async () => (await new DeviceClient(session).list()).map(({ replicaUid }) => replicaUid),
      retireRootsBefore: async (epoch) => (await vault.retireRootsBefore(session, unlocked, epoch)).ok,
    });
  }

  /** Why the provider's vault is not taken: it wants the passphrase again, or it is older than one seen before. */
  get refusal(): 'vaultLocked' | 'vaultRolledBack' | null {
    return this.#refusal;
  }

  get resealing(): ResealingProgress | null {
    return this.#resealing.progress();
  }

  /** Looks for later storage roots. An outage is no matter: whoever needs a root asks again. */
  async refresh(): Promise<void> {
    const { vault, session, unlocked, log } = this.#parts;
    try {
      const outcome = await vault.refresh(session, unlocked);
      if (this.#isStopped) return;
      this.#refusal = outcome.ok ? null : outcome.refusal;
      if (outcome.ok) this.describeDevice();
      if (outcome.ok && !this.#hasSeenVault) {
        this.#hasSeenVault = true;
        void this.resume();
      }
      if (!outcome.ok) log.warn({ refusal: outcome.refusal }, 'the vault of the provider is not taken');
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      log.warn({ code: error.code }, 'the vault could not be looked at');
    }
  }

  /** A new storage root; what is there is sealed anew in the background. False: this device is locked out of the vault itself. */
  async rotate(): Promise<boolean> {
    const { vault, session, unlocked } = this.#parts;
    await this.refresh();
    const outcome = await this.announcing(() => vault.rotate(session, unlocked));
    void this.resume();
    return outcome.ok;
  }

  /** Makes a new epoch. That it is to be made is noted before the vault is changed, so that a crash in between is noticed. */
  async announcing<Outcome extends { ok: boolean }>(rotate: () => Promise<Outcome>): Promise<Outcome> {
    this.#resealing.announce(this.#parts.unlocked.keys.currentEpoch + 1);
    const outcome = await rotate();
    if (!outcome.ok) this.#resealing.withdraw();
    return outcome;
  }

  /** Gives the vault back to a provider that was restored from a backup; the user has said so. */
  async giveBack(): Promise<void> {
    const { vault, session, unlocked } = this.#parts;
    if (this.#refusal !== 'vaultRolledBack') return;
    await vault.giveBack(session, unlocked);
    await this.refresh();
  }

  /** Goes on with sealing anew, and with retiring what is not needed any more. What ends it early is tried again after the next sync. */
  async resume(): Promise<void> {
    if (!this.#hasSeenVault || this.#isStopped) return;
    try {
      if (this.#resealing.progress() !== null) await this.#resealing.resume();
      await this.#retirement.attempt();
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#parts.log.warn({ code: error.code }, 'sealing anew is interrupted');
    }
  }

  /**
   * Every device of the account says what it is called, which is what it was called as another replica, and which key epoch it
   * has come to. Under a former uid it says so too: that is what the provider may still know it by.
   */
  describeDevice(): void {
    const { store, deviceName, clock, unlocked } = this.#parts;
    const { replicaUid, formerReplicaUids } = store;
    const former = [...formerReplicaUids].flatMap((uid) => store.get('device', uid)?.content ?? []);
    const keyEpoch = Math.min(unlocked.keys.currentEpoch, store.setAside.lowestEpoch() ?? Infinity);
    const own = store.get('device', replicaUid)?.content ?? { replicaUid, name: former.at(-1)?.name ?? deviceName ?? hostname(), createdAtMs: clock.nowMs() };
    const outdated = [own, ...former].filter((device) => device.keyEpoch !== keyEpoch);
    if (outdated.length > 0) store.transact((transaction) => outdated.forEach((device) => transaction.put('device', device.replicaUid, { ...device, keyEpoch })));
  }

  /** The store may be closed afterwards. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#retirement.stop();
    await this.#resealing.stop();
  }
}
