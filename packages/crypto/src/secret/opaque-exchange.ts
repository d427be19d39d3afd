// One exchange of OPAQUE (RFC 9807), the client's side: a start, which gives what the server is asked, and a finish with its answer.
// The finish stretches the passphrase, with 4 lanes, in the calling thread and in WebAssembly memory that never shrinks: devices
// call it in the thread of opaque-client.ts. Strings are base64url as the library gives them. Await `opaqueExchangeReady` before the first call.

import { client, ready } from '@serenity-kit/opaque';
import type { PassphraseStretching } from './passphrase-stretching.ts';

export interface OpaqueInput {
  /** UTF-8 of its NFC. */
  passphrase: Uint8Array;
  /** Both ends bind them into the exchange. */
  identities: { client: string; server: string };
  /** The same for a registration and for every log-in after it. */
  stretching: PassphraseStretching;
}

/** `state` is secret and needed for the finish. */
export interface StartedExchange {
  state: string;
  request: string;
}

/** `exportKey` (64 octets) never reaches the provider and is the same at every later log-in. */
export interface FinishedRegistration {
  registrationRecord: string;
  exportKey: Uint8Array;
}

export interface FinishedLogin {
  finishLoginRequest: string;
  sessionKey: string;
  exportKey: Uint8Array;
}

type FinishInput = OpaqueInput & { state: string; response: string };
type KeyStretching = NonNullable<Parameters<typeof client.finishLogin>[0]['keyStretching']>;

const LANES = 4;

/** Resolves when the WebAssembly is compiled. */
export async function opaqueExchangeReady(): Promise<void> {
  await ready;
}

export function startRegistration(passphrase: Uint8Array): StartedExchange {
  const { clientRegistrationState, registrationRequest } = client.startRegistration({ password: textOf(passphrase) });
  return { state: clientRegistrationState, request: registrationRequest };
}

/** Null for an answer that is none. */
export function finishRegistration({ passphrase, identities, stretching, state, response }: FinishInput): FinishedRegistration | null {
  const finished = attempt(() => client.finishRegistration({
    password: textOf(passphrase), clientRegistrationState: state, registrationResponse: response, identifiers: identities, keyStretching: keyStretching(stretching),
  }));
  return finished && { registrationRecord: finished.registrationRecord, exportKey: octetsOf(finished.exportKey) };
}

export function startLogin(passphrase: Uint8Array): StartedExchange {
  const { clientLoginState, startLoginRequest } = client.startLogin({ password: textOf(passphrase) });
  return { state: clientLoginState, request: startLoginRequest };
}

/** Null for a wrong passphrase, an unknown account, or a server that is not the one registered with; they look alike. */
export function finishLogin({ passphrase, identities, stretching, state, response }: FinishInput): FinishedLogin | null {
  const finished = attempt(() => client.finishLogin({
    password: textOf(passphrase), clientLoginState: state, loginResponse: response, identifiers: identities, keyStretching: keyStretching(stretching),
  }));
  return finished && { finishLoginRequest: finished.finishLoginRequest, sessionKey: finished.sessionKey, exportKey: octetsOf(finished.exportKey) };
}

function keyStretching({ memoryKib, passes }: PassphraseStretching): KeyStretching {
  return { 'argon2id-custom': { memory: memoryKib, iterations: passes, parallelism: LANES } };
}

function textOf(passphrase: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(passphrase);
}

function octetsOf(base64url: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}

function attempt<T>(work: () => T | undefined): T | null {
  try {
    return work() ?? null;
  } catch {
    return null;
  }
}
