import { PALOMA } from '../capabilities.js';
import { contentDigest } from '../digest.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS } from '../standard-methods/get.js';

const PROPERTIES = ['id', 'phase', 'pendingUp', 'pendingDown', 'lastSyncAtMs', 'error', 'alarm'] as const;

/** A singleton: docs/protocol/jmap.md. */
export const syncStatusGet = accountMethod({
  name: 'SyncStatus/get',
  capability: PALOMA,
  arguments: GET_ARGUMENTS,
  async run(arguments_, { account }, context) {
    const status = account.sync.current();
    return answerGet(arguments_, { state: contentDigest(status), records: [{ id: 'singleton', ...status }], properties: PROPERTIES }, context);
  },
});
