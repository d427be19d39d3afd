// Several clients at one mailbox, over real sockets: whatever they do at the same time, none is told what cannot be, and all end
// with what the store has.

import { afterEach, beforeEach, expect } from '@jest/globals';
import { fc, property } from '@paloma/test-kit';
import type { MailboxId } from '@paloma/shared-model';
import { formatFlags } from './wire/flag.js';
import { BelievingClient } from './test/believing-client.js';
import { startServer, type RunningServer } from './test/running-server.js';

const INBOX = 'inbox' as MailboxId;

let server: RunningServer;
beforeEach(async () => { server = await startServer(); });
afterEach(() => server.close());

/** What a client does, at a place of its list that is there when it does it. */
type Deed = (client: BelievingClient, place: number) => Promise<void>;

const onMessage = (commandOf: (number: number) => string): Deed => async (client, place) => {
  const { length } = client.messages;
  if (length > 0) await client.run(commandOf((place % length) + 1));
};

const DEEDS: readonly Deed[] = [
  (client) => client.run('APPEND INBOX (\\Seen) {4+}\r\na: b'),
  (client) => client.run('APPEND INBOX {3+}\r\none {3+}\r\ntwo'),
  (client) => client.run('NOOP'),
  (client) => client.idle(),
  (client) => client.run('EXPUNGE'),
  (client) => client.run('SEARCH OR SEEN UNSEEN'),
  (client) => client.run('STATUS INBOX (MESSAGES HIGHESTMODSEQ)'),
  onMessage((number) => `STORE ${number} +FLAGS (\\Deleted)`),
  onMessage((number) => `STORE ${number} -FLAGS (\\Deleted \\Seen)`),
  onMessage((number) => `STORE 1:${number} FLAGS (x \\Flagged)`),
  onMessage((number) => `FETCH ${number}:* (UID FLAGS)`),
  onMessage((number) => `COPY ${number} INBOX`),
  onMessage((number) => `MOVE ${number} Archive`),
  onMessage((number) => `REPLACE ${number} INBOX {1+}\r\nx`),
];

const deeds = fc.array(fc.tuple(fc.constantFrom(...DEEDS), fc.nat(20)), { minLength: 5, maxLength: 25 });

property('clients that believe what they are told are never told what cannot be', fc.array(fc.record({ hasQresync: fc.boolean(), deeds }), { minLength: 2, maxLength: 4 }), async (plans) => {
  const clients = await Promise.all(plans.map((plan) => BelievingClient.connect(server.port, plan)));
  await Promise.all(plans.map(async (plan, index) => {
    for (const [deed, place] of plan.deeds) await deed(clients[index]!, place);
  }));
  const { entries } = (await server.gateway.storeOf('alice').openView(INBOX))!;
  const expected = entries.map((entry) => ({ uid: entry.uid, flags: formatFlags(entry).slice(1, -1).split(' ').sort().join(' ') }));
  for (const client of clients) {
    await client.run('NOOP');
    expect(client.messages.map(({ uid, flags }) => ({ uid, flags }))).toEqual(expected);
    client.close();
  }
  expect(server.bugs).toEqual([]);
}, { numRuns: 15 });
