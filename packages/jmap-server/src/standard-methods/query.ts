// The shape that all /query and /queryChanges methods share, RFC 8620 §5.5 and §5.6.

import { z } from 'zod';
import { contentDigest } from '../digest.js';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import type { JmapLimits } from '../limits.js';
import { JSON_OBJECT } from './set.js';

const COMPARATOR = z.object({ property: z.string(), isAscending: z.boolean().default(true), collation: z.string().optional(), keyword: z.string().optional() });
export type Comparator = z.output<typeof COMPARATOR>;

const SELECTION = { filter: JSON_OBJECT.nullish(), sort: z.array(COMPARATOR).max(10).nullish() };

export const QUERY_ARGUMENTS = {
  ...SELECTION,
  position: z.number().int().nullish(),
  anchor: z.string().nullish(),
  anchorOffset: z.number().int().nullish(),
  limit: z.number().int().nonnegative().nullish(),
  calculateTotal: z.boolean().nullish(),
};

export interface WindowArguments {
  position?: number | null | undefined;
  anchor?: string | null | undefined;
  anchorOffset?: number | null | undefined;
  limit?: number | null | undefined;
  calculateTotal?: boolean | null | undefined;
}

export const QUERY_CHANGES_ARGUMENTS = {
  ...SELECTION,
  sinceQueryState: z.string(),
  maxChanges: z.number().int().positive().nullish(),
  upToId: z.string().nullish(),
  calculateTotal: z.boolean().nullish(),
};

/** How many ids to answer with, and what to say about it when the client asked for more or for no limit. */
export function effectiveLimit(limit: number | null | undefined, { maxIdsInQuery }: JmapLimits): { limit: number; announced: { limit?: number } } {
  if (limit != null && limit <= maxIdsInQuery) return { limit, announced: {} };
  return { limit: maxIdsInQuery, announced: { limit: maxIdsInQuery } };
}

/** Answers a /query whose whole result is in memory. @throws {JmapError} "anchorNotFound" */
export function answerQuery(arguments_: WindowArguments, ids: readonly string[], limits: JmapLimits): JsonObject {
  const { limit, announced } = effectiveLimit(arguments_.limit, limits);
  const position = windowStart(arguments_, ids);
  const total = arguments_.calculateTotal ? { total: ids.length } : {};
  return { queryState: queryStateOf(ids), canCalculateChanges: false, position, ids: ids.slice(position, position + limit), ...total, ...announced };
}

export function queryStateOf(ids: readonly string[]): string {
  return contentDigest(ids);
}

function windowStart({ position, anchor, anchorOffset }: WindowArguments, ids: readonly string[]): number {
  if (anchor == null) return (position ?? 0) < 0 ? Math.max(0, ids.length + (position ?? 0)) : (position ?? 0);
  const index = ids.indexOf(anchor);
  if (index < 0) throw new JmapError('anchorNotFound');
  return Math.max(0, index + (anchorOffset ?? 0));
}

/**
 * Answers a /queryChanges without a history of results: "nothing changed" can be told, anything else cannot.
 * @throws {JmapError} "cannotCalculateChanges"
 */
export function answerQueryChanges(sinceQueryState: string, queryState: string, total: number | null): JsonObject {
  if (sinceQueryState !== queryState) throw new JmapError('cannotCalculateChanges');
  return { oldQueryState: sinceQueryState, newQueryState: queryState, removed: [], added: [], ...(total === null ? {} : { total }) };
}

type SortProperties<Item> = Readonly<Record<string, (item: Item) => string | number>>;

/** Orders by the first comparator that tells two records apart. @throws {JmapError} "unsupportedSort" */
export function comparison<Item>(sort: readonly Comparator[], properties: SortProperties<Item>): (left: Item, right: Item) => number {
  const keys = sort.map(({ property, isAscending, collation }) => {
    const key = Object.hasOwn(properties, property) ? properties[property] : undefined;
    if (!key || collation !== undefined) throw new JmapError('unsupportedSort');
    return { key, sign: isAscending ? 1 : -1 };
  });
  return (left, right) => {
    for (const { key, sign } of keys) {
      const order = compareValues(key(left), key(right));
      if (order !== 0) return sign * order;
    }
    return 0;
  };
}

function compareValues(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
