import { hostname } from 'node:os';
import { CommandError } from '../command-error.js';
import type { Command, CommandContext, Report } from '../command.js';

export const signUp: Command = {
  name: 'sign-up', usage: 'ADDRESS --provider URL [--name NAME] [--device NAME] [--invite CODE]', summary: 'Make a new account at a provider, and open it here.',
  options: ['provider', 'name', 'device', 'invite'], words: { min: 1, max: 1 },
  run: async (context) => add(context, { mode: 'signUp', passphrase: (await context.secret('New passphrase', 'new')).reveal() }),
};

export const logIn: Command = {
  name: 'log-in', usage: 'ADDRESS --provider URL [--device NAME]', summary: 'Open an account that exists on this device too.',
  options: ['provider', 'device'], words: { min: 1, max: 1 },
  run: async (context) => add(context, { mode: 'signIn', passphrase: (await context.secret('Passphrase')).reveal() }),
};

export const recover: Command = {
  name: 'recover', usage: 'ADDRESS --provider URL [--device NAME]', summary: 'Open an account with its recovery code, under a new passphrase.',
  options: ['provider', 'device'], words: { min: 1, max: 1 },
  async run(context) {
    const recoveryCode = (await context.secret('Recovery code')).reveal();
    return add(context, { mode: 'recover', recoveryCode, passphrase: (await context.secret('New passphrase', 'new')).reveal() });
  },
};

async function add({ control, words, options }: CommandContext, how: { mode: string; passphrase: string; recoveryCode?: string }): Promise<Report> {
  const { provider, name, invite, device } = options;
  if (provider === undefined) throw new CommandError('usage', 'Name the provider: --provider https://…');
  const answer = await control.post<{ accountId: string }>('/accounts', {
    ...how, address: words[0], providerUrl: provider, deviceName: device ?? hostname(), ...(name !== undefined && { name }), ...(invite !== undefined && { inviteCode: invite }),
  });
  return { text: `${words[0]} is open on this device. Give a mail program a password with "paloma password add NAME".`, json: answer };
}
