import type { DaemonStatus } from '../choose-account.js';
import type { Command } from '../command.js';
import { accountTable } from './accounts.js';

export const status: Command = {
  name: 'status', usage: '', summary: 'Show where the daemon listens, and how its accounts are.',
  async run({ control }) {
    const answer = await control.get<DaemonStatus>('/status');
    const ports = Object.entries(answer.ports).map(([protocol, port]) => `${protocol.toUpperCase()} ${port}`).join('   ');
    return { text: `palomad ${answer.version}   ${ports}\n\n${accountTable(answer.accounts)}`, json: answer };
  },
};
