// docs/protocol/control-api.md §1: TLS certificates by which programs of the user's hand in mail at the provider themselves.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccountId, WireErrorCode } from '@paloma/shared-model';
import { AccountsClient, StoreError, SubmissionCertificateClient } from '@paloma/document-store';
import { z } from 'zod';
import type { AccountRegistry } from '../accounts/account-registry.js';
import { needingProvider } from '../accounts/refusal-sentences.js';
import { DaemonError } from '../daemon-error.js';
import { HttpError } from './http-error.js';
import { readJson, sendJson } from './json-body.js';

type RegistryAction = (context: { registry: AccountRegistry }, accountId: AccountId, request: IncomingMessage, response: ServerResponse, certificateId: string) => Promise<void>;

/** DER SubjectPublicKeyInfo in base64url; an RSA key of 4096 bits has 734 characters. */
const newCertificate = z.strictObject({ publicKey: z.string().regex(/^[A-Za-z0-9_-]{1,1024}$/) });

const SENTENCE_BY_CODE: Partial<Record<string, string>> = {
  forbidden: 'This account has as many submission certificates as the provider allows: revoke one first.',
  notFound: 'This provider issues no submission certificates.',
  badRequest: 'The provider does not take this key: it wants P-256, P-384, Ed25519 or RSA of 2048 to 4096 bits.',
} satisfies Partial<Record<WireErrorCode, string>>;

/** By method and the path behind the account's; `*` stands for one segment. */
export const SUBMISSION_CERTIFICATE_ACTIONS: Readonly<Record<string, RegistryAction>> = {
  async 'GET submission-certificates'({ registry }, accountId, _request, response) {
    const { session } = registry.opened(accountId).access;
    sendJson(response, 200, { certificates: await needingProvider(() => new SubmissionCertificateClient(session).list()) });
  },
  async 'POST submission-certificates'({ registry }, accountId, request, response) {
    const { session } = registry.opened(accountId).access;
    const { publicKey } = await readJson(request, newCertificate);
    const { certificate, ...issued } = await needingProvider(() => telling(() => new SubmissionCertificateClient(session).issue(Buffer.from(publicKey, 'base64url'))));
    const { submission: { host, port } } = await needingProvider(() => new AccountsClient(session).discover());
    sendJson(response, 201, { ...issued, certificate: pemOf(certificate), submission: { host, port } });
  },
  async 'DELETE submission-certificates/*'({ registry }, accountId, _request, response, certificateId) {
    const { session } = registry.opened(accountId).access;
    const isRevoked = await needingProvider(() => new SubmissionCertificateClient(session).revoke(certificateId));
    if (!isRevoked) throw new HttpError('notFound', 'There is no such certificate: it was revoked or ran out, or never was.');
    sendJson(response, 204);
  },
};

async function telling<R>(ask: () => Promise<R>): Promise<R> {
  try {
    return await ask();
  } catch (error) {
    const sentence = error instanceof StoreError ? SENTENCE_BY_CODE[error.code] : undefined;
    throw sentence === undefined ? error : new DaemonError('providerRefused', sentence, { cause: error });
  }
}

/** RFC 7468 §5. */
function pemOf(derInBase64url: string): string {
  const lines = Buffer.from(derInBase64url, 'base64url').toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}
