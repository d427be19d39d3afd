import { SETTINGS } from '../capabilities.js';
import { accountMethod } from '../method.js';
import { settingsOf } from './account-settings.js';
import { PASSPHRASE } from './passphrase-argument.js';

/** docs/protocol/jmap.md. With a passphrase it locks out. */
export const storageRootRotate = accountMethod({
  name: 'StorageRoot/rotate',
  capability: SETTINGS,
  arguments: { passphrase: PASSPHRASE.nullable() },
  async run({ passphrase }, account) {
    const outcome = await settingsOf(account).rotateStorageRoot(passphrase);
    return { refusal: outcome.ok ? null : outcome.refusal };
  },
});
