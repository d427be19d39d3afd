import { Controller, Delete, Get, HttpCode, Inject, Param, UseGuards } from '@nestjs/common';
import { parseReplicaUid, type Clock } from '@paloma/shared-model';
import type { DeviceListAnswer } from '@paloma/sync-protocol';
import { NO_CONTENT } from '../http/status.js';
import { CLOCK } from '../injection-tokens.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { WireError } from '../wire-error.js';
import { DeviceRepository } from './device.repository.js';

/** docs/protocol/accounts.md §6. */
@Controller('v1/devices')
@UseGuards(SessionGuard)
export class DevicesController {
  constructor(private readonly devices: DeviceRepository, @Inject(CLOCK) private readonly clock: Clock) {}

  @Get()
  async list(@CurrentSession() { accountId, replicaUid }: StoredSession): Promise<DeviceListAnswer> {
    const devices = await this.devices.list(accountId);
    return { devices: devices.map((device) => ({ ...device, isCurrent: device.replicaUid === replicaUid })) };
  }

  @Delete(':replicaUid')
  @HttpCode(NO_CONTENT)
  async remove(@CurrentSession() { accountId }: StoredSession, @Param('replicaUid') replicaUid: string): Promise<void> {
    const isRemoved = await this.devices.remove(accountId, parseReplicaUid(replicaUid), this.clock.nowMs());
    if (!isRemoved) throw new WireError('notFound', 'no such device');
  }
}
