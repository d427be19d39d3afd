import { StoreError, type CredentialChangeRefusal, type LoginRefusal, type SignUpRefusal, type VaultRefusal } from '@paloma/document-store';
import { DaemonError, type DaemonErrorCode } from '../daemon-error.js';

type Refusal = SignUpRefusal | LoginRefusal | CredentialChangeRefusal | VaultRefusal;

/** If you add a refusal, the compiler sends you here. */
const BY_REFUSAL = {
  addressTaken: ['providerRefused', 'This address is taken: choose another one, or sign in.'],
  forbidden: ['providerRefused', 'The provider does not take this address: check its domain, or ask the operator.'],
  invalidInvite: ['providerRefused', 'The invite code is not valid: check it, or ask for a new one.'],
  loginFailed: ['wrongPassphrase', 'Address or passphrase is wrong.'],
  rateLimited: ['providerRefused', 'Too many attempts: wait a quarter of an hour, then try again.'],
  accountDisabled: ['providerRefused', 'The operator of the provider has disabled this account: ask the operator. Nothing is lost.'],
  gone: ['deviceRemoved', 'This device was removed from the account: sign in afresh to use it again.'],
  preconditionFailed: ['providerRefused', 'Other devices are changing this account at the same time: try again.'],
  vaultLocked: ['wrongPassphrase', 'The keys of this account were changed on another device: unlock it with the passphrase again.'],
} as const satisfies Record<Refusal, readonly [DaemonErrorCode, string]>;

export function refusalError(refusal: Refusal): DaemonError {
  const [code, sentence] = BY_REFUSAL[refusal];
  return new DaemonError(code, sentence);
}

/** Runs what needs the provider; an outage becomes a sentence. */
export async function needingProvider<R>(ask: () => Promise<R>): Promise<R> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    throw new DaemonError('providerUnreachable', `The provider could not be reached (${error.code}): check its address and the network, then try again.`, { cause: error });
  }
}
