import { expect, test } from '@jest/globals';
import type { MailAddress } from '@paloma/shared-model';
import { readSyncVectors } from '@paloma/test-kit';
import { opaqueIdentities, type CredentialKind } from '../public/opaque-identity.js';
import { finishLogin, opaqueExchangeReady } from './opaque-exchange.js';
import { FULL_STRETCHING } from './passphrase-stretching.js';

type LoginVector = Record<'blind' | 'ephemeralSecret' | 'nonce' | 'startLoginRequest' | 'loginResponse' | 'finishLoginRequest' | 'sessionKey' | 'exportKey', Uint8Array>
  & { address: MailAddress; credential: CredentialKind; passphrase: string };

test('a log-in by OPAQUE ends in the keys of the vectors', async () => {
  await opaqueExchangeReady();
  const base64url = (...octets: Uint8Array[]) => Buffer.concat(octets).toString('base64url');
  for (const vector of readSyncVectors<{ logins: LoginVector[] }>('sealed').logins) {
    const { address, credential, passphrase, blind, ephemeralSecret, nonce, startLoginRequest, loginResponse, finishLoginRequest, sessionKey, exportKey } = vector;
    const state = base64url(blind, startLoginRequest, ephemeralSecret, nonce);   // as the library keeps it
    const finished = finishLogin({
      passphrase: new TextEncoder().encode(passphrase), identities: opaqueIdentities(address, credential), stretching: FULL_STRETCHING, state, response: base64url(loginResponse),
    });
    expect(finished).toEqual({ finishLoginRequest: base64url(finishLoginRequest), sessionKey: base64url(sessionKey), exportKey });
  }
});
