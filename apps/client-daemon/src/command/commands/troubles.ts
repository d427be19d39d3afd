import { accountPath, chooseAccount } from '../choose-account.js';
import type { Command } from '../command.js';
import { minute, table } from '../table.js';

interface QuarantinedItem {
  incomingItemId: string;
  reason: string;
  sizeBytes: number;
  receivedAtMs: number;
  attempts: number;
}

export const alarmsList: Command = {
  name: 'alarms list', usage: '[--account ADDRESS]', summary: 'Show what the provider did that it must not do.', options: ['account'],
  async run(context) {
    const { sync, vaultRolledBack } = await chooseAccount(context);
    const alarms = [sync?.alarm, vaultRolledBack ? 'vaultRolledBack' : null].filter((alarm) => alarm != null);
    return { text: alarms.join('\n') || 'No alarm.', json: alarms };
  },
};

export const alarmsDismiss: Command = {
  name: 'alarms dismiss', usage: '[--account ADDRESS]', summary: 'You have seen the alarms; what the provider still does is an alarm again.', options: ['account'],
  async run(context) {
    await context.control.post(`${await accountPath(context)}/dismiss-alarms`);
    return { text: 'The alarms are dismissed.' };
  },
};

export const alarmsAcceptRestored: Command = {
  name: 'alarms accept-restored', usage: '[--account ADDRESS]', summary: 'Answer "providerRestored": you know that the provider was restored from a backup; what it lost goes up again.', options: ['account'],
  async run(context) {
    await context.control.post(`${await accountPath(context)}/accept-restored-provider`);
    return { text: 'What the provider lost goes up again.' };
  },
};

export const alarmsStartAfresh: Command = {
  name: 'alarms start-afresh', usage: '[--account ADDRESS]', summary: 'Answer "forgottenTooSoon": this machine was put back to a backup, and goes on as a fresh replica.', options: ['account'],
  async run(context) {
    await context.control.post(`${await accountPath(context)}/start-afresh`);
    return { text: 'This device goes on as a fresh replica.' };
  },
};

export const quarantineList: Command = {
  name: 'quarantine list', usage: '[--account ADDRESS]', summary: 'List mail that could not be opened or filed; nothing of it is lost.', options: ['account'],
  async run(context) {
    const { items } = await context.control.get<{ items: QuarantinedItem[] }>(`${await accountPath(context)}/quarantine`);
    const rows = items.map(({ incomingItemId, reason, sizeBytes, receivedAtMs, attempts }) => [incomingItemId, minute(receivedAtMs), reason, String(sizeBytes), String(attempts)]);
    return { text: table(['ID', 'RECEIVED', 'REASON', 'OCTETS', 'ATTEMPTS'], rows, 'Nothing is in quarantine.'), json: items };
  },
};
