// FilterOperator trees, RFC 8620 §5.5.

import { JmapError } from '../jmap-error.js';
import { isJsonObject, type JsonObject } from '../json.js';

export interface FilterOperator<Condition> {
  operator: 'AND' | 'OR' | 'NOT';
  conditions: readonly Filter<Condition>[];
}

export type Filter<Condition> = FilterOperator<Condition> | { condition: Condition };

/** @throws {JmapError} "invalidArguments" when malformed, "unsupportedFilter" when deeper than `maxDepth` */
export function parseFilter<Condition>(filter: JsonObject, parseCondition: (condition: JsonObject) => Condition, maxDepth: number): Filter<Condition> {
  if (!Object.hasOwn(filter, 'operator')) return { condition: parseCondition(filter) };
  if (maxDepth <= 0) throw new JmapError('unsupportedFilter', 'filter: nested too deeply');
  const { operator, conditions } = filter;
  if (!isOperator(operator) || !Array.isArray(conditions) || !conditions.every(isJsonObject)) throw new JmapError('invalidArguments', 'filter: malformed operator');
  return { operator, conditions: conditions.map((inner) => parseFilter(inner, parseCondition, maxDepth - 1)) };
}

export function matchesFilter<Condition>(filter: Filter<Condition>, matches: (condition: Condition) => boolean): boolean {
  if ('condition' in filter) return matches(filter.condition);
  const inner = (part: Filter<Condition>): boolean => matchesFilter(part, matches);
  if (filter.operator === 'AND') return filter.conditions.every(inner);
  if (filter.operator === 'OR') return filter.conditions.some(inner);
  return !filter.conditions.some(inner);
}

function isOperator(operator: unknown): operator is FilterOperator<never>['operator'] {
  return operator === 'AND' || operator === 'OR' || operator === 'NOT';
}
