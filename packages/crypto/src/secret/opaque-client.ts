// OPAQUE (RFC 9807), the client's side. Registration and login must stretch the passphrase alike, with 4 lanes, in this
// thread. A recovery code is a passphrase of the second credential. Await `opaqueReady` of the public half once before the first call.

import { client } from '@serenity-kit/opaque';
import type { MailAddress, Redacted } from '@paloma/shared-model';
import { CryptoError } from '../public/crypto-error.js';
import { opaqueIdentities, type CredentialKind } from '../public/opaque-identity.js';
import { FULL_STRETCHING, type PassphraseStretching } from './passphrase-stretching.js';

type KeyStretching = NonNullable<Parameters<typeof client.finishLogin>[0]['keyStretching']>;

const LANES = 4;

/** `state` is secret and stays on the device until the finish. */
export function opaqueStartRegistration(passphrase: Redacted<string>): { state: string; registrationRequest: string } {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: textOf(passphrase) });
  return { state: clientRegistrationState, registrationRequest };
}

/** `exportKey` (64 octets) never reaches the provider and is the same at every later login. @throws {CryptoError} "malformed" for a broken answer */
export function opaqueFinishRegistration(input: {
  passphrase: Redacted<string>; state: string; registrationResponse: string; address: MailAddress; credential?: CredentialKind; stretching?: PassphraseStretching;
}): { registrationRecord: string; exportKey: Uint8Array } {
  try {
    const { registrationRecord, exportKey } = client.finishRegistration({
      password: textOf(input.passphrase), clientRegistrationState: input.state, registrationResponse: input.registrationResponse,
      identifiers: opaqueIdentities(input.address, input.credential), keyStretching: keyStretching(input.stretching),
    });
    return { registrationRecord, exportKey: octetsOf(exportKey) };
  } catch {
    throw new CryptoError('malformed', 'opaque registration response cannot be used');
  }
}

export function opaqueStartLogin(passphrase: Redacted<string>): { state: string; startLoginRequest: string } {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password: textOf(passphrase) });
  return { state: clientLoginState, startLoginRequest };
}

/** Not ok: wrong passphrase, unknown account, or a server that is not the one registered with; they look alike. */
export function opaqueFinishLogin(input: {
  passphrase: Redacted<string>; state: string; loginResponse: string; address: MailAddress; credential?: CredentialKind; stretching?: PassphraseStretching;
}): { ok: true; finishLoginRequest: string; exportKey: Uint8Array; sessionKey: string } | { ok: false } {
  const result = attempt(() => client.finishLogin({
    password: textOf(input.passphrase), clientLoginState: input.state, loginResponse: input.loginResponse,
    identifiers: opaqueIdentities(input.address, input.credential), keyStretching: keyStretching(input.stretching),
  }));
  if (!result) return { ok: false };
  const { finishLoginRequest, exportKey, sessionKey } = result;
  return { ok: true, finishLoginRequest, exportKey: octetsOf(exportKey), sessionKey };
}

function keyStretching({ memoryKib, passes } = FULL_STRETCHING): KeyStretching {
  return { 'argon2id-custom': { memory: memoryKib, iterations: passes, parallelism: LANES } };
}

/** One form for what two keyboards may type as different code points. */
function textOf(passphrase: Redacted<string>): string {
  return passphrase.reveal().normalize('NFC');
}

function octetsOf(base64url: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
