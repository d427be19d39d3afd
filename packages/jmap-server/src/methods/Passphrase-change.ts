import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { settingsOf } from './account-settings.js';
import { PASSPHRASE } from './passphrase-argument.js';

/** docs/protocol/jmap.md. */
export const passphraseChange = accountMethod({
  name: 'Passphrase/change',
  capability: SETTINGS,
  arguments: { passphrase: PASSPHRASE, newPassphrase: PASSPHRASE },
  async run({ passphrase, newPassphrase }, account) {
    const outcome = await settingsOf(account).changePassphrase(passphrase, newPassphrase);
    return { refusal: outcome.ok ? null : outcome.refusal };
  },
});
