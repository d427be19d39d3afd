// Revisions are vector clocks: for each replica that ever wrote the document, how often it did (U1DB lineage).
// Text form, canonical and compared as text: `uid:n|uid:n`, sorted by uid, n ≥ 1. Empty text: "no revision yet".

import { ModelError } from './errors/model-error.js';
import { MAX_REVISION_REPLICAS } from './limits.js';
import { parseReplicaUid, type ReplicaUid } from './ids.js';
import type { Brand } from './brand.js';

export type Revision = Brand<string, 'Revision'>;
export type RevisionOrder = 'same' | 'newer' | 'older' | 'concurrent';

export const NO_REVISION = '' as Revision;

type Counters = Map<ReplicaUid, number>;

/** @throws {ModelError} "invalidRevision" unless in canonical form */
export function parseRevision(text: string): Revision {
  const counters = readCounters(text);
  if (counters.size > MAX_REVISION_REPLICAS || formatCounters(counters) !== text) {
    throw new ModelError('invalidRevision', 'revision not in canonical form');
  }
  return text as Revision;
}

/** How `left` stands to `right`. */
export function compareRevisions(left: Revision, right: Revision): RevisionOrder {
  if (left === right) return 'same';
  const a = readCounters(left);
  const b = readCounters(right);
  const aAhead = [...a].some(([uid, count]) => count > (b.get(uid) ?? 0));
  const bAhead = [...b].some(([uid, count]) => count > (a.get(uid) ?? 0));
  if (aAhead && bAhead) return 'concurrent';
  return aAhead ? 'newer' : 'older';
}

/** The next revision of a document that `replica` changes. */
export function incrementRevision(revision: Revision, replica: ReplicaUid): Revision {
  return incrementOwn(revision, replica) ?? incrementAmong(readCounters(revision), replica);
}

/** Most documents are changed by one device alone, ten thousand at a time. Null: others have changed it too. */
function incrementOwn(revision: Revision, replica: ReplicaUid): Revision | null {
  const own = `${replica}:`;
  const count = revision.startsWith(own) ? Number(revision.slice(own.length)) : NaN;
  return Number.isSafeInteger(count) && count > 0 ? `${own}${count + 1}` as Revision : null;
}

function incrementAmong(counters: Counters, replica: ReplicaUid): Revision {
  counters.set(replica, (counters.get(replica) ?? 0) + 1);
  return formatCounters(counters);
}

/** A revision that descends from both: used, then incremented, by whoever merges a conflict. */
export function mergeRevisions(left: Revision, right: Revision): Revision {
  const counters = readCounters(left);
  for (const [uid, count] of readCounters(right)) counters.set(uid, Math.max(count, counters.get(uid) ?? 0));
  return formatCounters(counters);
}

/** How often each replica changed the document up to this revision. */
export function countersOf(revision: Revision): ReadonlyMap<ReplicaUid, number> {
  return readCounters(revision);
}

function readCounters(text: string): Counters {
  const counters: Counters = new Map();
  if (text === '') return counters;
  for (const component of text.split('|')) {
    const colon = component.indexOf(':');
    const count = Number(component.slice(colon + 1));
    if (colon < 0 || !Number.isSafeInteger(count) || count < 1) throw new ModelError('invalidRevision', 'malformed revision');
    counters.set(parseReplicaUid(component.slice(0, colon)), count);
  }
  return counters;
}

function formatCounters(counters: Counters): Revision {
  const components = [...counters];
  const sorted = components.length > 1 ? components.sort(([a], [b]) => (a < b ? -1 : 1)) : components;
  return sorted.map(([uid, count]) => `${uid}:${count}`).join('|') as Revision;
}
