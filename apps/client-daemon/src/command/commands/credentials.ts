import { accountPath } from '../choose-account.js';
import type { Command } from '../command.js';

export const passphraseChange: Command = {
  name: 'passphrase change', usage: '[--account ADDRESS]', summary: 'Change the passphrase; all other devices ask for the new one.', options: ['account'],
  async run(context) {
    const path = await accountPath(context);
    const passphrase = (await context.secret('Passphrase until now')).reveal();
    await context.control.post(`${path}/passphrase`, { passphrase, newPassphrase: (await context.secret('New passphrase', 'new')).reveal() });
    return { text: 'The passphrase is changed.' };
  },
};

export const recoveryKit: Command = {
  name: 'recovery-kit', usage: '[--html] [--account ADDRESS]', summary: 'Make a recovery kit, to be printed; one made before ends. With --html as a page.', options: ['account', 'html'],
  async run(context) {
    const path = await accountPath(context);
    const { kit, code } = await context.control.post<{ code: string; kit: { html: string; text: string } }>(`${path}/recovery-code`, { passphrase: (await context.secret('Passphrase')).reveal() });
    return { text: (context.options.html ? kit.html : kit.text).trimEnd(), json: { code } };
  },
};

export const rotate: Command = {
  name: 'rotate', usage: '[--lock-out] [--account ADDRESS]', summary: 'Seal everything anew under a new storage root; with --lock-out all other devices need the passphrase.', options: ['account', 'lock-out'],
  async run(context) {
    const path = await accountPath(context);
    const lockOut = context.options['lock-out'] ? { lockOut: { passphrase: (await context.secret('Passphrase')).reveal() } } : {};
    await context.control.post(`${path}/rotate`, lockOut);
    return { text: 'A new storage root is in force; what there is is sealed anew in the background.' };
  },
};
