// OPAQUE (RFC 9807), the provider's side: it learns neither the passphrase nor anything to test guesses on without its setup.
// All strings are base64url as the library gives them. Await `opaqueReady` once before the first call.

import { ready, server } from '@serenity-kit/opaque';
import type { MailAddress } from '@paloma/shared-model';
import { CryptoError } from './crypto-error.js';
import { opaqueIdentities, type CredentialKind } from './opaque-identity.js';

/** Resolves when the WebAssembly is compiled; about a millisecond. */
export async function opaqueReady(): Promise<void> {
  await ready;
}

/** The provider's OPRF seed and key pair. Secret and irreplaceable: without it nobody can log in any more. */
export function createOpaqueSetup(): string {
  return server.createSetup();
}

/** @throws {CryptoError} "malformed" when the client's request is not one */
export function opaqueAnswerRegistration(input: { setup: string; address: MailAddress; credential?: CredentialKind; registrationRequest: string }): string {
  const userIdentifier = opaqueIdentities(input.address, input.credential).client;
  return answering(() => server.createRegistrationResponse({
    serverSetup: input.setup, userIdentifier, registrationRequest: input.registrationRequest,
  }).registrationResponse);
}

/**
 * Answers the first message of a login. Without a record the answer is a false one of the same form, which hides whether
 * the account exists. `loginState` is secret and good for one finish.
 * @throws {CryptoError} "malformed" when the client's request is not one
 */
export function opaqueStartLogin(input: {
  setup: string; address: MailAddress; credential?: CredentialKind; registrationRecord: string | null; startLoginRequest: string;
}): { loginState: string; loginResponse: string } {
  const identifiers = opaqueIdentities(input.address, input.credential);
  const { serverLoginState, loginResponse } = answering(() => server.startLogin({
    serverSetup: input.setup, userIdentifier: identifiers.client, registrationRecord: input.registrationRecord,
    startLoginRequest: input.startLoginRequest, identifiers,
  }));
  return { loginState: serverLoginState, loginResponse };
}

/** Not ok: wrong passphrase, unknown account or a damaged message, which look alike. */
export function opaqueFinishLogin(input: { loginState: string; finishLoginRequest: string }): { ok: true; sessionKey: string } | { ok: false } {
  try {
    const { sessionKey } = server.finishLogin({ serverLoginState: input.loginState, finishLoginRequest: input.finishLoginRequest });
    return { ok: true, sessionKey };
  } catch {
    return { ok: false };
  }
}

function answering<T>(answer: () => T): T {
  try {
    return answer();
  } catch {
    throw new CryptoError('malformed', 'opaque message cannot be answered');
  }
}
