import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import * as protocol from './index.js';
import { endRecord } from './stream/stream-kind.js';

/**
 * Every version's schemas. When this test fails the protocol has changed: raise PROTOCOL_VERSION, add its hash here and a
 * line to docs/protocol/sync.md §9. The hashes of released versions stay as they are.
 */
const SCHEMA_HASHES: Record<number, string> = {
  1: 'ae8612516b8a7d77b89988b767626094b6cae9668dde522dd96394b07879714d',
};

const jsonSchema = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

function describe(value: unknown): unknown {
  if (value instanceof z.ZodType) return jsonSchema(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).map(([name, part]) => [name, describe(part)]).filter(([, part]) => part !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

test('the schemas are those of the version', () => {
  const schemas = describe({ ...protocol, endRecord }) as Record<string, unknown>;
  const canonical = JSON.stringify(Object.keys(schemas).sort().map((name) => [name, schemas[name]]));
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['PUSH_STREAM', 'PULL_STREAM', 'infoAnswer', 'recipientAnswer', 'EVENT_DATA']));
  expect(createHash('sha256').update(canonical).digest('hex')).toBe(SCHEMA_HASHES[protocol.PROTOCOL_VERSION]);
});
