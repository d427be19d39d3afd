import { accountPath, chooseAccount } from '../choose-account.js';
import type { Command } from '../command.js';

export const unlock: Command = {
  name: 'unlock', usage: '[--account ADDRESS]', summary: 'Open an account with its passphrase.', options: ['account'],
  async run(context) {
    const { accountId, address } = await chooseAccount(context);
    await context.control.post(`/accounts/${accountId}/unlock`, { passphrase: (await context.secret(`Passphrase of ${address}`)).reveal() });
    return { text: `${address} is open.` };
  },
};

export const lock: Command = {
  name: 'lock', usage: '[--account ADDRESS]', summary: 'Close an account: mail programs and web pages are let in no more.', options: ['account'],
  async run(context) {
    const { accountId, address } = await chooseAccount(context);
    await context.control.post(`/accounts/${accountId}/lock`);
    return { text: `${address} is locked.` };
  },
};

export const sync: Command = {
  name: 'sync', usage: '[--account ADDRESS]', summary: 'Synchronise now, and wait until nothing is pending.', options: ['account'],
  async run(context) {
    await context.control.post(`${await accountPath(context)}/sync`);
    return { text: 'Nothing is pending.' };
  },
};

export const web: Command = {
  name: 'web', usage: '[--account ADDRESS]', summary: 'Show an address that opens the web mail program once, within ten minutes.', options: ['account'],
  async run(context) {
    const answer = await context.control.post<{ url: string }>(`${await accountPath(context)}/web-ticket`);
    return { text: answer.url, json: answer };
  },
};
