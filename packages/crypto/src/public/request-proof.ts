// A change of credentials is bound to a log-in of its own: OPAQUE leaves both ends with a fresh session key, and under it the
// whole request is authenticated. A stolen session token is not enough, and a log-in cannot be used for another request than
// the one it was made for (docs/protocol/accounts.md §5).

import { createHmac } from 'node:crypto';
import { canon } from './canonical.js';
import type { CredentialKind } from './opaque-identity.js';

export interface ProvenChange {
  credential: CredentialKind;
  registrationRecord: string;
  endsRecovery: boolean;
  replicaUid: string;
  replacedVersion: string;
  /** As it is sent: base64url. */
  vault: string;
}

/** 43 base64url characters. `sessionKey` as the OPAQUE functions give it. */
export function credentialChangeProof(sessionKey: string, change: ProvenChange): string {
  const { credential, registrationRecord, endsRecovery, replicaUid, replacedVersion, vault } = change;
  const fields = canon('paloma/1', 'credential-change', credential, registrationRecord, endsRecovery ? 1 : 0, replicaUid, replacedVersion, vault);
  return createHmac('sha256', Buffer.from(sessionKey, 'base64url')).update(fields).digest('base64url');
}
