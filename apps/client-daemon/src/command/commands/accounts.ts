import type { AccountStatus, DaemonStatus } from '../choose-account.js';
import type { Command } from '../command.js';
import { minute, table } from '../table.js';

export const accounts: Command = {
  name: 'accounts', usage: '', summary: 'List the accounts of this device.',
  async run({ control }) {
    const answer = await control.get<DaemonStatus>('/status');
    return { text: accountTable(answer.accounts), json: answer.accounts };
  },
};

export function accountTable(all: readonly AccountStatus[]): string {
  const rows = all.map(({ address, state, sync, resealing }) => [
    address, state, sync?.phase ?? '-', sync ? String(sync.pendingUp + sync.pendingDown) : '-', sync?.lastSyncAtMs ? minute(sync.lastSyncAtMs) : '-',
    sync?.alarm ?? sync?.error ?? (resealing ? `sealing anew ${resealing.done}/${resealing.total}` : '-'),
  ]);
  return table(['ADDRESS', 'STATE', 'SYNC', 'PENDING', 'LAST SYNC', 'NOTE'], rows, 'No account on this device: use "paloma sign-up" or "paloma log-in".');
}
