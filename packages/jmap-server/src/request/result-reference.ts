// References to results of earlier calls of the same request, RFC 8620 §3.7.

import { z } from 'zod';
import { JmapError } from '../jmap-error.js';
import type { JsonObject } from '../json.js';
import type { Invocation } from './envelope.js';
import { evaluatePointer } from './json-pointer.js';

const resultReference = z.object({ resultOf: z.string(), name: z.string(), path: z.string().max(1000) });
type ResultReference = z.infer<typeof resultReference>;

/**
 * Arguments with every `#name` replaced by what it refers to.
 * @throws {JmapError} "invalidArguments" when a name is given both ways, "invalidResultReference" when nothing is there
 */
export function resolveReferences(arguments_: JsonObject, responses: readonly Invocation[]): JsonObject {
  return Object.fromEntries(Object.entries(arguments_).map(([name, value]) => {
    if (!name.startsWith('#')) return [name, value];
    const plainName = name.slice(1);
    if (Object.hasOwn(arguments_, plainName)) throw new JmapError('invalidArguments', `${plainName} is given twice`);
    return [plainName, resolveReference(value, responses)];
  }));
}

function resolveReference(value: unknown, responses: readonly Invocation[]): unknown {
  const reference = resultReference.safeParse(value);
  if (!reference.success) throw new JmapError('invalidResultReference', 'not a ResultReference object');
  const result = evaluatePointer(referredResponse(reference.data, responses), reference.data.path);
  if (!result.found) throw new JmapError('invalidResultReference', 'the path leads nowhere');
  return result.value;
}

function referredResponse({ resultOf, name }: ResultReference, responses: readonly Invocation[]): JsonObject {
  const response = responses.find(([, , callId]) => callId === resultOf);
  if (response?.[0] !== name) throw new JmapError('invalidResultReference', 'no such response');
  return response[1];
}
