import type { Command } from '../command.js';
import { lock, sync, unlock, web } from './account-state.js';
import { accounts } from './accounts.js';
import { logIn, recover, signUp } from './add-account.js';
import { passphraseChange, recoveryKit, rotate } from './credentials.js';
import { debugImap } from './debug-imap.js';
import { devicesList, devicesRemove } from './devices.js';
import { keysExport, keysImport, keysList } from './keys.js';
import { passwordAdd, passwordList, passwordRevoke } from './password.js';
import { profile } from './profile.js';
import { status } from './status.js';
import { submissionCertificateAdd, submissionCertificateList, submissionCertificateRevoke } from './submission-certificate.js';
import { alarmsAcceptRestored, alarmsDismiss, alarmsList, alarmsStartAfresh, quarantineList } from './troubles.js';

/** In the order of the help. A new command is a file here and a word in this list. */
export const COMMANDS: readonly Command[] = [
  status, accounts, signUp, logIn, recover, unlock, lock, sync, web,
  passwordList, passwordAdd, passwordRevoke, submissionCertificateList, submissionCertificateAdd, submissionCertificateRevoke, devicesList, devicesRemove, passphraseChange, recoveryKit, rotate,
  keysList, keysExport, keysImport, alarmsList, alarmsDismiss, alarmsAcceptRestored, alarmsStartAfresh, quarantineList, debugImap, profile,
];
