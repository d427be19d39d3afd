// The shape that all /get methods share, RFC 8620 §5.1.

import { z } from 'zod';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import type { MethodContext } from '../method.js';
import type { IdentifiedRecord } from './record-history.js';

export const GET_ARGUMENTS = { ids: z.array(z.string()).nullish(), properties: z.array(z.string()).nullish() };

export interface GetArguments {
  ids?: readonly string[] | null | undefined;
  properties?: readonly string[] | null | undefined;
}

/**
 * The ids to get, creation ids resolved and each once; `null` for all.
 * @throws {JmapError} "requestTooLarge" over maxObjectsInGet
 */
export function requestedIds(ids: GetArguments['ids'], { creationIds, limits }: MethodContext): string[] | null {
  if (ids == null) return null;
  const wanted = new Set(ids.map((id) => creationIds.resolve(id) ?? id));
  if (wanted.size > limits.maxObjectsInGet) throw new JmapError('requestTooLarge', `more than ${limits.maxObjectsInGet} ids`);
  return [...wanted];
}

interface Collection {
  readonly state: string;
  readonly records: readonly IdentifiedRecord[];
  /** All that its records have. */
  readonly properties: readonly string[];
}

/** Answers a /get over a collection small enough to be loaded whole. */
export function answerGet(arguments_: GetArguments, collection: Collection, context: MethodContext): JsonObject {
  const { state, records } = collection;
  const properties = requestedProperties(arguments_.properties, collection.properties);
  const byId = new Map(records.map((record) => [record.id, record]));
  const wanted = requestedIds(arguments_.ids, context) ?? allIds(byId, context);
  const list = wanted.flatMap((id) => byId.get(id) ?? []).map((record) => pickProperties(record, properties));
  return { state, list, notFound: wanted.filter((id) => !byId.has(id)) };
}

function allIds(byId: ReadonlyMap<string, unknown>, { limits }: MethodContext): string[] {
  if (byId.size > limits.maxObjectsInGet) throw new JmapError('requestTooLarge', `more than ${limits.maxObjectsInGet} objects`);
  return [...byId.keys()];
}

/** @throws {JmapError} "invalidArguments" for a property that the type does not have */
export function requestedProperties(requested: GetArguments['properties'], known: readonly string[]): readonly string[] {
  if (requested == null) return known;
  if (!requested.every((name) => known.includes(name))) throw new JmapError('invalidArguments', 'properties: not all are known');
  return ['id', ...requested.filter((name) => name !== 'id')];
}

function pickProperties(record: JsonObject, properties: readonly string[]): JsonObject {
  return Object.fromEntries(properties.map((name) => [name, record[name]]));
}
