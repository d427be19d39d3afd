import { client as opaque } from '@serenity-kit/opaque';
import { credentialChangeProof } from '@paloma/crypto/public';
import { usersPaths, type CredentialChange, type CredentialFinishRequest } from '@paloma/sync-protocol';
import { identifiersOf, jsonOf, octets, type Answer, type TestClient, KEY_STRETCHING } from './test-client.js';

type Kind = CredentialChange['credential'];

export interface AskedChange {
  address: string;
  provenBy?: Kind;
  /** Passphrase or recovery code that proves the change. */
  secret?: string;
  credential?: Kind;
  /** The new one. */
  newSecret: string;
  replacedVersion: string;
  vault?: string;
  endsRecovery?: boolean;
}

/** Everything up to the second request, which a test may spoil before it sends it. */
export async function prepareChange(client: TestClient, asked: AskedChange): Promise<CredentialFinishRequest> {
  const { address, provenBy = 'passphrase', secret = 'a passphrase', credential = 'passphrase', newSecret, replacedVersion, vault = 'new vault', endsRecovery = false } = asked;
  const { clientLoginState, startLoginRequest } = opaque.startLogin({ password: secret });
  const { clientRegistrationState, registrationRequest } = opaque.startRegistration({ password: newSecret });
  const started = await client.users('POST', usersPaths.credentialStart, { json: { address, provenBy, startLoginRequest, credential, registrationRequest } });
  const { loginId, loginResponse, registrationResponse } = jsonOf(started) as Record<'loginId' | 'loginResponse' | 'registrationResponse', string>;
  const login = opaque.finishLogin({ password: secret, clientLoginState, loginResponse, identifiers: identifiersOf(address, provenBy), keyStretching: KEY_STRETCHING });
  const { registrationRecord } = opaque.finishRegistration({
    password: newSecret, clientRegistrationState, registrationResponse, identifiers: identifiersOf(address, credential), keyStretching: KEY_STRETCHING,
  });
  const change = { credential, registrationRecord, endsRecovery, replicaUid: client.replicaUid, replacedVersion, vault: Buffer.from(vault).toString('base64url') };
  const sessionKey = login?.sessionKey ?? Buffer.alloc(64).toString('base64url');
  return { loginId, finishLoginRequest: login?.finishLoginRequest ?? 'A'.repeat(86), change, proof: credentialChangeProof(sessionKey, change) };
}

export async function changeCredential(client: TestClient, asked: AskedChange): Promise<Answer> {
  return client.users('POST', usersPaths.credentialFinish, { json: await prepareChange(client, asked) });
}

/** Puts the account's first vault and answers its version. */
export async function firstVault(client: TestClient): Promise<string> {
  const { headers } = await client.users('PUT', usersPaths.vault, { body: octets('first vault'), headers: { 'if-none-match': '*' } });
  return String(headers['etag']).replaceAll('"', '');
}
