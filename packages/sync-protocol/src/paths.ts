// Where each request goes. Addresses and ids are percent-encoded here and nowhere else.

import type { AccountId, BlobId, BlobNamespace, IncomingItemId, MailAddress, ReplicaUid } from '@paloma/shared-model';

const segment = encodeURIComponent;

/** docs/protocol/sync.md and docs/protocol/accounts.md. */
export const usersPaths = {
  discovery: '/.well-known/paloma',
  accountStart: '/v1/accounts/start',
  accountFinish: '/v1/accounts/finish',
  sessionStart: '/v1/sessions/start',
  sessionFinish: '/v1/sessions/finish',
  currentSession: '/v1/sessions/current',
  vault: '/v1/vault',
  credentialStart: '/v1/credentials/start',
  credentialFinish: '/v1/credentials/finish',
  devices: '/v1/devices',
  device: (replicaUid: ReplicaUid): string => `/v1/devices/${replicaUid}`,
  submissionCertificates: '/v1/submission-certificates',
  submissionCertificate: (certificateId: string): string => `/v1/submission-certificates/${segment(certificateId)}`,
  certificate: (address: MailAddress): string => `/v1/certificates/${segment(address)}`,
  info: '/v1/sync/info',
  push: '/v1/sync/push',
  pull: '/v1/sync/pull',
  blob: (namespace: BlobNamespace, blobId: BlobId): string => `/v1/blobs/${namespace}/${blobId}`,
  blobList: (namespace: BlobNamespace, page: { after?: BlobId; limit?: number } = {}): string => `/v1/blobs/${namespace}${query(page)}`,
  blobsUp: (namespace: BlobNamespace): string => `/v1/blobs/${namespace}/batch-up`,
  blobsDown: (namespace: BlobNamespace): string => `/v1/blobs/${namespace}/batch-down`,
  incomingLease: '/v1/incoming/lease',
  incomingFetch: '/v1/incoming/fetch',
  incomingSettle: '/v1/incoming/settle',
  events: '/v1/events',
  /** Direct method of the web key directory; `hash` and `localPart` as in draft-koch-openpgp-webkey-service §3.1. */
  webKey: (hash: string, localPart: string): string => `/.well-known/openpgpkey/hu/${hash}?l=${segment(localPart)}`,
} as const;

/** docs/protocol/services-api.md. */
export const servicesPaths = {
  live: '/health/live',
  ready: '/health/ready',
  recipient: (address: MailAddress): string => `/services/v1/recipients/${segment(address)}`,
  incoming: (accountId: AccountId, itemId: IncomingItemId): string => `/services/v1/incoming/${accountId}/${itemId}`,
  delivery: '/services/v2/incoming',
  verifySession: '/services/v1/sessions/verify',
  verifySubmissionCertificate: '/services/v3/submission-certificates/verify',
} as const;

function query(parameters: { after?: string; limit?: number }): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, String(value));
  return search.size > 0 ? `?${search}` : '';
}
