// A request that only whoever logs in may make (a new passphrase, a new recovery code) is bound to a login of its own: OPAQUE
// leaves both ends with a fresh session key, and under it the request is authenticated. A stolen session token is not enough,
// and a login cannot be used for another request than the one it was made for (docs/protocol/accounts.md §5).

import { createHmac } from 'node:crypto';
import { canon, type CanonicalField } from './canonical.js';

/** 43 base64url characters. `sessionKey` as the OPAQUE functions give it; `purpose` keeps proofs of two kinds of request apart. */
export function requestProof(sessionKey: string, purpose: string, ...fields: readonly CanonicalField[]): string {
  return createHmac('sha256', Buffer.from(sessionKey, 'base64url')).update(canon('paloma/1', purpose, ...fields)).digest('base64url');
}
