// Messages made to break their reader, as mail programs ask for them: every answer comes, and in time, what it says of lengths
// is true, and the octets are those that were filed.

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { HOSTILE_MESSAGES, processorMs } from '@paloma/test-kit';
import type { MailboxId } from '@paloma/shared-model';
import { OctetSocket } from '../test/octet-socket.js';
import { startServer, type RunningServer } from '../test/running-server.js';

/** A quarter of a megabyte. */
const UNITS = 2_500;
const MAX_MS = 5_000;
const ITEMS = ['ENVELOPE', 'BODY', 'BODYSTRUCTURE', 'BODY.PEEK[HEADER]', 'BODY.PEEK[HEADER.FIELDS (SUBJECT TO)]', 'BODY.PEEK[TEXT]', 'BODY.PEEK[1]', 'BODY.PEEK[1.MIME]', 'BODY.PEEK[1.1.1.1.1.1.1.1]', 'BODY.PEEK[2000]'];

let server: RunningServer;
let client: OctetSocket;
beforeAll(async () => {
  server = await startServer();
  client = await OctetSocket.logIn(server.port);
});
afterAll(() => client.close());

async function file(octets: Uint8Array): Promise<void> {
  const filed = await server.gateway.storeOf('alice').append({ octets, mailboxIds: ['inbox' as MailboxId] });
  if (!filed.ok) throw new Error(filed.refusal);
}

describe.each(HOSTILE_MESSAGES.map(({ name, build }) => [name, build] as const))('%s', (_name, build) => {
  test('is told and given octet for octet', async () => {
    const octets = build(UNITS);
    await file(octets);
    await client.command('SELECT INBOX');
    const startMs = processorMs();
    const { literals: [whole] } = await client.command('FETCH * (RFC822.SIZE BODY.PEEK[])');
    expect(Buffer.compare(whole!, octets)).toBe(0);
    const { literals: [header, text] } = await client.command('FETCH * (BODY.PEEK[HEADER] BODY.PEEK[TEXT])');
    expect(Buffer.compare(Buffer.concat([header!, text!]), octets)).toBe(0);
    for (const item of ITEMS) expect((await client.command(`FETCH * (${item})`)).completion).toMatch(/^OK/);
    expect(processorMs() - startMs).toBeLessThan(MAX_MS);
    expect(server.bugs).toEqual([]);
  });
});
