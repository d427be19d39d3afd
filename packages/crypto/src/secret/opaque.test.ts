import { beforeAll, expect, test } from '@jest/globals';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { createOpaqueSetup, opaqueAnswerRegistration, opaqueFinishLogin as finishAtProvider, opaqueReady, opaqueStartLogin as startAtProvider } from '../public/opaque-server.js';
import type { CredentialKind } from '../public/opaque-identity.js';
import { credentialChangeProof } from '../public/request-proof.js';
import { withOpaqueClient } from './opaque-client.js';

const address = parseMailAddress('Alice@example.org');
const passphrase = new Redacted('correct horse battery staple');
const stretching = { memoryKib: 32, passes: 1 };
let setup: string;

beforeAll(async () => {
  await opaqueReady();
  setup = createOpaqueSetup();
});

function register(credential: CredentialKind = 'passphrase') {
  return withOpaqueClient(async (opaque) => {
    const registrationRequest = await opaque.startRegistration({ passphrase, address, credential, stretching });
    return opaque.finishRegistration(opaqueAnswerRegistration({ setup, address, credential, registrationRequest }));
  });
}

function logIn(attempt: { record: string | null; as?: string; typed?: string; setup?: string; credential?: CredentialKind }) {
  const { record: registrationRecord, as = address, typed = passphrase.reveal(), credential = 'passphrase' } = attempt;
  return withOpaqueClient(async (opaque) => {
    const startLoginRequest = await opaque.startLogin({ passphrase: new Redacted(typed), address: parseMailAddress(as), credential, stretching });
    const { loginState, loginResponse } = startAtProvider({ setup: attempt.setup ?? setup, address, credential, registrationRecord, startLoginRequest });
    return { client: await opaque.finishLogin(loginResponse), loginState, loginResponse };
  });
}

test('the right passphrase gives both ends one session key and the client its export key again', async () => {
  const { registrationRecord, exportKey } = await register();
  const { client, loginState } = await logIn({ record: registrationRecord, as: 'alice@EXAMPLE.org' });
  if (!client.ok) throw new Error('login refused');
  expect(client.exportKey).toEqual(exportKey);
  expect(exportKey).toHaveLength(64);
  expect(finishAtProvider({ loginState, finishLoginRequest: client.finishLoginRequest })).toEqual({ ok: true, sessionKey: client.sessionKey });
});

test('a wrong passphrase fails at the client', async () => {
  const { registrationRecord } = await register();
  expect((await logIn({ record: registrationRecord, typed: 'correct horse battery stable' })).client).toEqual({ ok: false });
});

test('an unknown account gets an answer of the same size and fails in the same way', async () => {
  const known = await logIn({ record: (await register()).registrationRecord, typed: 'wrong' });
  const unknown = await logIn({ record: null });
  expect(unknown.loginResponse).toHaveLength(known.loginResponse.length);
  expect(unknown.client).toEqual(known.client);
});

test('a provider with another setup, or another address, does not pass', async () => {
  const { registrationRecord } = await register();
  expect((await logIn({ record: registrationRecord, setup: createOpaqueSetup() })).client).toEqual({ ok: false });
  expect((await logIn({ record: registrationRecord, as: 'mallory@example.org' })).client).toEqual({ ok: false });
});

test('the provider refuses the proof of another login', async () => {
  const { registrationRecord } = await register();
  const [first, second] = await Promise.all([logIn({ record: registrationRecord }), logIn({ record: registrationRecord })]);
  const finishLoginRequest = first.client.ok ? first.client.finishLoginRequest : '';
  expect(finishAtProvider({ loginState: second.loginState, finishLoginRequest })).toEqual({ ok: false });
});

test('messages that are none are refused as malformed', async () => {
  const malformed = expect.objectContaining({ code: 'malformed' });
  expect(() => opaqueAnswerRegistration({ setup, address, registrationRequest: 'junk' })).toThrow(malformed);
  expect(() => startAtProvider({ setup, address, registrationRecord: null, startLoginRequest: 'junk' })).toThrow(malformed);
  await withOpaqueClient(async (opaque) => {
    await opaque.startRegistration({ passphrase, address, stretching });
    await expect(opaque.finishRegistration('junk')).rejects.toEqual(malformed);
    await opaque.startLogin({ passphrase, address, stretching });
    expect(await opaque.finishLogin('junk')).toEqual({ ok: false });
  });
});

test('the two credentials of an account are worlds apart: neither record takes the log-in of the other', async () => {
  const { registrationRecord: record, exportKey } = await register('recovery');
  expect((await logIn({ record, credential: 'recovery' })).client).toMatchObject({ ok: true, exportKey });
  expect((await logIn({ record, credential: 'passphrase' })).client).toEqual({ ok: false });
});

test('a passphrase is the same however its letters were composed, and every other character of it counts', async () => {
  const typed = '\ufeffgr\u00fc\u00dfe';
  const { registrationRecord: record } = await withOpaqueClient(async (opaque) => {
    const registrationRequest = await opaque.startRegistration({ passphrase: new Redacted(typed), address, stretching });
    return opaque.finishRegistration(opaqueAnswerRegistration({ setup, address, registrationRequest }));
  });
  expect((await logIn({ record, typed: '\ufeffgru\u0308\u00dfe' })).client).toMatchObject({ ok: true });
  expect((await logIn({ record, typed: 'gr\u00fc\u00dfe' })).client).toEqual({ ok: false });
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
