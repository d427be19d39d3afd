import { accountPath } from '../choose-account.js';
import { CommandError } from '../command-error.js';
import type { Command, CommandContext } from '../command.js';
import { minute, table } from '../table.js';

interface MailAppPassword {
  passwordId: string;
  name: string;
  createdAtMs: number;
  lastUsedAtMs: number | null;
  unlocksAccount: boolean;
}

export const passwordList: Command = {
  name: 'password list', usage: '[--account ADDRESS]', summary: 'List the mail programs that have a password.', options: ['account'],
  async run(context) {
    const passwords = await load(context);
    const rows = passwords.map(({ passwordId, name, createdAtMs, lastUsedAtMs, unlocksAccount }) =>
      [passwordId, name, minute(createdAtMs), lastUsedAtMs === null ? 'never' : minute(lastUsedAtMs), unlocksAccount ? 'yes' : 'no']);
    return { text: table(['ID', 'NAME', 'MADE', 'LAST USED HERE', 'UNLOCKS'], rows, 'No mail program has a password: use "paloma password add NAME".'), json: passwords };
  },
};

export const passwordAdd: Command = {
  name: 'password add', usage: 'NAME [--unlocks] [--account ADDRESS]', summary: 'Make a password for one mail program. With --unlocks it opens the account after a restart too.',
  options: ['account', 'unlocks'], words: { min: 1, max: 1 },
  async run(context) {
    const { control, words, options } = context;
    const answer = await control.post<{ passwordId: string; password: string }>(`${await accountPath(context)}/mail-app-passwords`, { name: words[0], unlocksAccount: options.unlocks ?? false });
    return { text: answer.password, json: answer };
  },
};

export const passwordRevoke: Command = {
  name: 'password revoke', usage: 'ID|NAME [--account ADDRESS]', summary: 'Take a password back, on all devices; its mail program is disconnected.', options: ['account'], words: { min: 1, max: 1 },
  async run(context) {
    const { passwordId, name } = only(context.words[0]!, await load(context));
    await context.control.delete(`${await accountPath(context)}/mail-app-passwords/${passwordId}`);
    return { text: `The password of ${name} is revoked.` };
  },
};

async function load(context: CommandContext): Promise<MailAppPassword[]> {
  return (await context.control.get<{ passwords: MailAppPassword[] }>(`${await accountPath(context)}/mail-app-passwords`)).passwords;
}

function only(wanted: string, passwords: readonly MailAppPassword[]): MailAppPassword {
  const found = passwords.filter(({ passwordId, name }) => passwordId === wanted || name === wanted);
  if (found.length === 1) return found[0]!;
  throw new CommandError('usage', found.length === 0 ? 'There is no such password: see "paloma password list".' : 'Several have this name: use the id.');
}
