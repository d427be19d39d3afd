import type { ReplicaUid } from '@paloma/shared-model';
import { deviceListAnswer, usersPaths, type KnownDevice } from '@paloma/sync-protocol';
import { absentWhen } from './absent-when.js';
import type { ProviderConnection } from './provider-connection.js';

/** The account's devices as the provider knows them, docs/protocol/accounts.md §6. */
export class DeviceClient {
  /** `connection` with a session. */
  constructor(private readonly connection: ProviderConnection) {}

  async list(): Promise<KnownDevice[]> {
    return (await this.connection.sendJson('GET', usersPaths.devices, deviceListAnswer)).devices;
  }

  /** Ends the device's sessions; it must start afresh. False when there is none. */
  async remove(replicaUid: ReplicaUid): Promise<boolean> {
    const answer = await absentWhen('notFound', () => this.connection.send({ method: 'DELETE', path: usersPaths.device(replicaUid) }));
    await answer?.discard();
    return answer !== null;
  }
}
