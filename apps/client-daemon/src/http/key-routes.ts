// docs/protocol/control-api.md §1: own keys and correspondents' certificates, to be seen, carried out and brought in.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_ADDRESS_BYTES, parseMailAddress, type AccountId } from '@paloma/shared-model';
import { MAX_CERTIFICATE_BYTES, armor, dearmor } from '@paloma/crypto/public';
import { exportSecretKey } from '@paloma/crypto/secret';
import { LEVEL_EARNED_BY, type Acceptance } from '@paloma/keyring';
import { z } from 'zod';
import type { AccountRegistry } from '../accounts/account-registry.js';
import { HttpError } from './http-error.js';
import { readJson, sendJson } from './json-body.js';
import { passphraseField } from './lifecycle-routes.js';

type RegistryAction = (context: { registry: AccountRegistry }, accountId: AccountId, request: IncomingMessage, response: ServerResponse) => Promise<void>;

const secretKeyExport = z.strictObject({ passphrase: passphraseField, exportPassphrase: passphraseField });
const certificateImport = z.strictObject({ address: z.string().max(MAX_ADDRESS_BYTES), certificate: z.string().max(2 * MAX_CERTIFICATE_BYTES) });

const SENTENCE_BY_REASON = {
  malformed: 'This is no armored OpenPGP certificate.',
  tooBig: 'This certificate is too large.',
  containsSecretKey: 'This holds a secret key: ask for the certificate alone.',
  otherAddress: 'This certificate is not for that address, or the address is your own.',
  expiredOrRevoked: 'This certificate has expired or was revoked: ask for a current one.',
} as const satisfies Record<Extract<Acceptance, { outcome: 'unusable' }>['reason'], string>;

/** By method and the path behind the account's. */
export const KEY_ACTIONS: Readonly<Record<string, RegistryAction>> = {
  async 'GET keys'({ registry }, accountId, _request, response) {
    const { store } = registry.opened(accountId).access;
    const own = store.list('secret-key').map(({ content: { fingerprint, address, state, createdAtMs } }) => ({ fingerprint, address, state, createdAtMs }));
    const correspondents = store.list('trust').map(({ content: { address, fingerprint, level, source, firstSeenAtMs, refusedFingerprint } }) =>
      ({ address, fingerprint, level, source, firstSeenAtMs, refusedFingerprint }));
    sendJson(response, 200, { own, correspondents });
  },
  async 'GET own-certificate'({ registry }, accountId, _request, response) {
    sendJson(response, 200, { certificate: armor('certificate', registry.opened(accountId).keyring.ownCertificate()) });
  },
  async 'POST export-secret-key'({ registry }, accountId, request, response) {
    const { passphrase, exportPassphrase } = await readJson(request, secretKeyExport);
    const { keyring } = registry.opened(accountId);
    await registry.unlock(accountId, passphrase);
    const [active] = keyring.ownSecretKeys();
    if (!active) throw new HttpError('notFound', 'This account has no key yet.');
    sendJson(response, 200, { secretKey: await exportSecretKey(active, exportPassphrase) });
  },
  async 'POST import-certificate'({ registry }, accountId, request, response) {
    const { address, certificate } = await readJson(request, certificateImport);
    const block = dearmor(certificate);
    if (block?.kind !== 'certificate') throw new HttpError('badRequest', SENTENCE_BY_REASON.malformed);
    const { keyring } = registry.opened(accountId);
    const acceptance = await keyring.accept(parseMailAddress(address), block.bytes, { source: 'import', level: LEVEL_EARNED_BY.import });
    if (acceptance.outcome === 'unusable') throw new HttpError('badRequest', SENTENCE_BY_REASON[acceptance.reason]);
    sendJson(response, 200, { outcome: acceptance.outcome, fingerprint: acceptance.fingerprint });
  },
};
