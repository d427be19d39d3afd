import { accountPath } from '../choose-account.js';
import type { Command } from '../command.js';
import { minute, table } from '../table.js';

interface Device {
  replicaUid: string;
  name: string | null;
  createdAtMs: number;
  lastSeenAtMs: number;
  isCurrent: boolean;
}

export const devicesList: Command = {
  name: 'devices list', usage: '[--account ADDRESS]', summary: 'List the devices of the account.', options: ['account'],
  async run(context) {
    const { devices } = await context.control.get<{ devices: Device[] }>(`${await accountPath(context)}/devices`);
    const rows = devices.map(({ replicaUid, name, createdAtMs, lastSeenAtMs, isCurrent }) => [replicaUid, name ?? '-', minute(createdAtMs), minute(lastSeenAtMs), isCurrent ? 'this one' : '']);
    return { text: table(['ID', 'NAME', 'SINCE', 'LAST SEEN', ''], rows, 'No device.'), json: devices };
  },
};

export const devicesRemove: Command = {
  name: 'devices remove', usage: 'ID [--account ADDRESS]', summary: 'Remove a device. What it has read it keeps: see also "rotate --lock-out".', options: ['account'], words: { min: 1, max: 1 },
  async run(context) {
    await context.control.delete(`${await accountPath(context)}/devices/${encodeURIComponent(context.words[0]!)}`);
    return { text: 'The device is removed.' };
  },
};
