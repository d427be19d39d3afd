import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { settingsOf } from './account-settings.js';
import { PASSPHRASE } from './passphrase-argument.js';

/** docs/protocol/jmap.md. The kit is in this answer and nowhere else. */
export const recoveryKitCreate = accountMethod({
  name: 'RecoveryKit/create',
  capability: SETTINGS,
  arguments: { passphrase: PASSPHRASE },
  async run({ passphrase }, account) {
    const outcome = await settingsOf(account).createRecoveryKit(passphrase);
    return outcome.ok ? { refusal: null, kit: { ...outcome.value } } : { refusal: outcome.refusal, kit: null };
  },
});
