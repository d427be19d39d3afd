import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { AccountsClient, newReplicaUid, ProviderConnection } from '@paloma/document-store';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import type { SubmissionAccess } from '../harness/smtp-sender.js';
import type { UserDevice, World } from '../harness/world.js';

/** Logs in once more, as a device of its own, for a program that talks to the provider without a daemon. */
export async function submissionAccess({ provider }: World, { address, passphrase }: UserDevice): Promise<SubmissionAccess> {
  const certificateAuthority = readFileSync(provider.tls.authorityFile);
  const connection = new ProviderConnection({ apiUrl: provider.publicUrl, certificateAuthorities: certificateAuthority.toString() });
  try {
    const replicaUid = newReplicaUid({ bytes: (count) => new Uint8Array(randomBytes(count)) });
    const outcome = await new AccountsClient(connection).logIn({ address: parseMailAddress(address), passphrase: new Redacted(passphrase) }, replicaUid);
    if (!outcome.ok) throw new Error(`the log-in was refused: ${outcome.refusal}`);
    return { certificateAuthority, address, token: outcome.login.token.reveal() };
  } finally {
    await connection.close();
  }
}
