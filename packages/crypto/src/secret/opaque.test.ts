import { beforeAll, expect, test } from '@jest/globals';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { createOpaqueSetup, opaqueAnswerRegistration, opaqueFinishLogin as finishAtProvider, opaqueReady, opaqueStartLogin as startAtProvider } from '../public/opaque-server.js';
import { credentialChangeProof } from '../public/request-proof.js';
import { opaqueFinishLogin, opaqueFinishRegistration, opaqueStartLogin, opaqueStartRegistration } from './opaque-client.js';

const address = parseMailAddress('Alice@example.org');
const passphrase = new Redacted('correct horse battery staple');
let setup: string;

beforeAll(async () => {
  await opaqueReady();
  setup = createOpaqueSetup();
});

function register(): { registrationRecord: string; exportKey: Uint8Array } {
  const { state, registrationRequest } = opaqueStartRegistration(passphrase);
  const registrationResponse = opaqueAnswerRegistration({ setup, address, registrationRequest });
  return opaqueFinishRegistration({ passphrase, state, registrationResponse, address });
}

function logIn(attempt: { record: string | null; as?: string; typed?: string; setup?: string }) {
  const typed = new Redacted(attempt.typed ?? passphrase.reveal());
  const { state, startLoginRequest } = opaqueStartLogin(typed);
  const { loginState, loginResponse } = startAtProvider({ setup: attempt.setup ?? setup, address, registrationRecord: attempt.record, startLoginRequest });
  const client = opaqueFinishLogin({ passphrase: typed, state, loginResponse, address: parseMailAddress(attempt.as ?? address) });
  return { client, loginState, loginResponse };
}

test('the right passphrase gives both ends one session key and the client its export key again', () => {
  const { registrationRecord, exportKey } = register();
  const { client, loginState } = logIn({ record: registrationRecord, as: 'alice@EXAMPLE.org' });
  if (!client.ok) throw new Error('login refused');
  expect(client.exportKey).toEqual(exportKey);
  expect(exportKey).toHaveLength(64);
  expect(finishAtProvider({ loginState, finishLoginRequest: client.finishLoginRequest })).toEqual({ ok: true, sessionKey: client.sessionKey });
});

test('a wrong passphrase fails at the client', () => {
  expect(logIn({ record: register().registrationRecord, typed: 'correct horse battery stable' }).client).toEqual({ ok: false });
});

test('an unknown account gets an answer of the same size and fails in the same way', () => {
  const known = logIn({ record: register().registrationRecord, typed: 'wrong' });
  const unknown = logIn({ record: null });
  expect(unknown.loginResponse).toHaveLength(known.loginResponse.length);
  expect(unknown.client).toEqual(known.client);
});

test('a provider with another setup, or another address, does not pass', () => {
  const { registrationRecord } = register();
  expect(logIn({ record: registrationRecord, setup: createOpaqueSetup() }).client).toEqual({ ok: false });
  expect(logIn({ record: registrationRecord, as: 'mallory@example.org' }).client).toEqual({ ok: false });
});

test('the provider refuses the proof of another login', () => {
  const { registrationRecord } = register();
  const [first, second] = [logIn({ record: registrationRecord }), logIn({ record: registrationRecord })];
  const finishLoginRequest = first.client.ok ? first.client.finishLoginRequest : '';
  expect(finishAtProvider({ loginState: second.loginState, finishLoginRequest })).toEqual({ ok: false });
});

test('messages that are none are refused as malformed', () => {
  const malformed = expect.objectContaining({ code: 'malformed' });
  expect(() => opaqueAnswerRegistration({ setup, address, registrationRequest: 'junk' })).toThrow(malformed);
  expect(() => startAtProvider({ setup, address, registrationRecord: null, startLoginRequest: 'junk' })).toThrow(malformed);
  expect(() => opaqueFinishRegistration({ passphrase, state: 'junk', registrationResponse: 'junk', address })).toThrow(malformed);
});

test('the two credentials of an account are worlds apart: neither record takes the log-in of the other', () => {
  const { state, registrationRequest } = opaqueStartRegistration(passphrase);
  const registrationResponse = opaqueAnswerRegistration({ setup, address, credential: 'recovery', registrationRequest });
  const { registrationRecord, exportKey } = opaqueFinishRegistration({ passphrase, state, registrationResponse, address, credential: 'recovery' });
  const attempt = (credential: 'passphrase' | 'recovery') => {
    const started = opaqueStartLogin(passphrase);
    const { loginResponse } = startAtProvider({ setup, address, credential, registrationRecord, startLoginRequest: started.startLoginRequest });
    return opaqueFinishLogin({ passphrase, state: started.state, loginResponse, address, credential });
  };
  expect(attempt('recovery')).toMatchObject({ ok: true, exportKey });
  expect(attempt('passphrase')).toEqual({ ok: false });
});

test('a proof is bound to its login and to every field of the change', () => {
  const key = (octet: number) => Buffer.alloc(64, octet).toString('base64url');
  const change = { credential: 'passphrase', registrationRecord: 'R', endsRecovery: false, replicaUid: 'U', replacedVersion: 'V', vault: 'W' } as const;
  const changes = [{ credential: 'recovery' as const }, { registrationRecord: 'x' }, { endsRecovery: true }, { replicaUid: 'x' }, { replacedVersion: 'x' }, { vault: 'x' }];
  const others = [credentialChangeProof(key(2), change), ...changes.map((field) => credentialChangeProof(key(1), { ...change, ...field }))];
  const proof = credentialChangeProof(key(1), change);
  expect(proof).toMatch(/^[\w-]{43}$/);
  expect(new Set([proof, ...others]).size).toBe(8);
});
