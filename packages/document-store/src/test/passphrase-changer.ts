// Runs as a process of its own: changes the passphrase of an account and kills itself after the step named, as a crash would.

import { Redacted, parseMailAddress, parseReplicaUid } from '@paloma/shared-model';
import { systemRandom } from '@paloma/crypto/public';
import { AccountVault } from '../account/account-vault.js';
import { ProviderConnection } from '../provider/provider-connection.js';
import { WEAK_STRETCHING } from './weak-stretching.js';

const [, , apiUrl, secretsPath, token, fatalStep] = process.argv as unknown as [string, string, string, string, string, string];
const [address, passphrase, newPassphrase] = [parseMailAddress('ana@example.org'), new Redacted('correct horse'), new Redacted('battery staple')];

const vault = new AccountVault({
  secretsPath, random: systemRandom, stretchingOfTests: WEAK_STRETCHING,
  onStep: (step) => {
    if (step === fatalStep) process.kill(process.pid, 'SIGKILL');
  },
});
const unlocked = await vault.unlock(passphrase);
if (!unlocked.ok) throw new Error(unlocked.refusal);
const connection = new ProviderConnection({ apiUrl }).withSession(new Redacted(token));
await vault.changePassphrase(connection, { address, passphrase }, newPassphrase, { ...unlocked.account, replicaUid: parseReplicaUid('R'.repeat(22)) });
process.exit(0);
