import type { z } from 'zod';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';

/**
 * Reads a FilterCondition by its (strict) schema.
 * @throws {JmapError} "unsupportedFilter" for a condition that is not known, "invalidArguments" for a malformed one
 */
export function conditionParser<Schema extends z.ZodType>(schema: Schema): (condition: JsonObject) => z.output<Schema> {
  return (condition) => {
    const parsed = schema.safeParse(condition);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    if (issue?.code === 'unrecognized_keys') throw new JmapError('unsupportedFilter', 'filter: a condition is not known');
    throw new JmapError('invalidArguments', `filter: ${issue?.path.join('/') ?? ''}`);
  };
}
