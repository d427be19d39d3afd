import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import * as protocol from './index.js';
import * as services from './messages/services.js';
import { endRecord } from './stream/stream-kind.js';

/**
 * The schemas of every version and revision. When this test fails the protocol has changed: raise PROTOCOL_VERSION, or PROTOCOL_REVISION
 * when something was only added, and put its hash here and a line into docs/protocol/sync.md §9. The other hashes stay as they are.
 */
const SCHEMA_HASHES: Record<string, string> = {
  '1.0': 'ae8612516b8a7d77b89988b767626094b6cae9668dde522dd96394b07879714d',
  '1.1': '5c7c943a4889f5a4b0348d6faa3547a253b833b3fd83e1e590e1c60408ee2e57',
  '1.2': 'b71f2b50a402f175b5e2a4da7f96b0e48bc9d990f78d82305ac7f5972d6d24fc',
};

/** The same for what provider-mx says, docs/protocol/services-api.md. Its version 1 is among the above. */
const SERVICES_SCHEMA_HASHES: Record<number, string> = {
  2: 'cd62ce3fba7816b45f98a53015a4b7293e6a180aa328edfb28d1991b0366f7a8',
  3: '5fe87a88fbf21ab9c8e4b9a8a3b10f00d0151bcebce3733a8424de43c3d0abd2',
  4: '8f11fdff00448b7e6ca9d456378b6f654f9036b2cf7a492eb12be800eeab06fe',
};
const SERVICES_OF_LATER_VERSIONS: readonly string[] = ['deliveryRequest', 'deliveryAnswer', 'verifySubmissionCertificateRequest'];

const jsonSchema = (schema: z.ZodType): unknown => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });

function describe(value: unknown): unknown {
  if (value instanceof z.ZodType) return jsonSchema(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value).map(([name, part]) => [name, describe(part)]).filter(([, part]) => part !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

const hashOf = (schemas: object): string => createHash('sha256').update(JSON.stringify(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)))).digest('hex');

test('the schemas are those of the version and its revision', () => {
  const schemas = describe(Object.fromEntries(Object.entries({ ...protocol, endRecord }).filter(([name]) => !SERVICES_OF_LATER_VERSIONS.includes(name)))) as Record<string, unknown>;
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['PUSH_STREAM', 'PULL_STREAM', 'infoAnswer', 'recipientAnswer', 'EVENT_DATA']));
  expect(hashOf(schemas)).toBe(SCHEMA_HASHES[`${protocol.PROTOCOL_VERSION}.${protocol.PROTOCOL_REVISION}`]);
});

test('the schemas of the services API are those of its version', () => {
  const schemas = describe(services) as Record<string, unknown>;
  expect(Object.keys(schemas)).toEqual(expect.arrayContaining(['recipientAnswer', ...SERVICES_OF_LATER_VERSIONS]));
  expect(hashOf(schemas)).toBe(SERVICES_SCHEMA_HASHES[protocol.SERVICES_API_VERSION]);
});
