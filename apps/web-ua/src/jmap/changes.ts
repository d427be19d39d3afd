// What changed in one type since a state: repeats Foo/changes until the server says that is all (RFC 8620 §5.2).

import { JmapError } from './jmap-error.js';
import type { JmapTransport } from './transport.js';
import type { CachedTypeName, ChangesResponse } from './types.js';

export interface Changes {
  newState: string;
  created: Set<string>;
  updated: Set<string>;
  destroyed: Set<string>;
}

/** A server that never comes to an end would keep us asking; after this many pages we start afresh. */
const MAX_PAGES = 50;

/** `null`: the server cannot tell ("cannotCalculateChanges") or it is too much, so everything known must be fetched again. */
export async function fetchChanges(transport: JmapTransport, type: CachedTypeName, sinceState: string): Promise<Changes | null> {
  const changes: Changes = { newState: sinceState, created: new Set(), updated: new Set(), destroyed: new Set() };
  for (let page = 0; page < MAX_PAGES; page++) {
    const answer = await fetchPage(transport, type, changes.newState);
    if (!answer) return null;
    merge(changes, answer);
    if (!answer.hasMoreChanges) return changes;
  }
  return null;
}

async function fetchPage(transport: JmapTransport, type: CachedTypeName, sinceState: string): Promise<ChangesResponse | null> {
  try {
    return await transport.call<ChangesResponse>(`${type}/changes`, { sinceState }).result;
  } catch (error) {
    if (error instanceof JmapError && error.code === 'method') return null;
    throw error;
  }
}

/** A record may be created on one page and destroyed on a later one. */
function merge(changes: Changes, page: ChangesResponse): void {
  changes.newState = page.newState;
  for (const id of page.created) changes.created.add(id);
  for (const id of page.updated) if (!changes.created.has(id)) changes.updated.add(id);
  for (const id of page.destroyed) {
    if (!changes.created.delete(id)) changes.destroyed.add(id);
    changes.updated.delete(id);
  }
}
