import { StoreError, type LoginRefusal, type SignUpRefusal } from '@paloma/document-store';
import { DaemonError, type DaemonErrorCode } from '../daemon-error.js';

/** If you add a refusal, the compiler sends you here. */
const BY_REFUSAL = {
  addressTaken: ['providerRefused', 'This address is taken: choose another one, or sign in.'],
  forbidden: ['providerRefused', 'The provider does not take this address: check its domain, or ask the operator.'],
  invalidInvite: ['providerRefused', 'The invite code is not valid: check it, or ask for a new one.'],
  loginFailed: ['wrongPassphrase', 'Address or passphrase is wrong.'],
  rateLimited: ['providerRefused', 'Too many attempts: wait a quarter of an hour, then try again.'],
} as const satisfies Record<SignUpRefusal | LoginRefusal, readonly [DaemonErrorCode, string]>;

export function refusalError(refusal: SignUpRefusal | LoginRefusal): DaemonError {
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
