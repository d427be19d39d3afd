// What the promise means: canary strings in subject, body, attachment, passphrase and address book are nowhere on the provider,
// nor on the way to it. Devices speak to the provider through a tap that ends TLS, so the octets inside are searched too.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { filesHolding } from './harness/canary.js';
import { openImap, waitForMessages } from './harness/imap-client.js';
import { JmapClient } from './harness/jmap-client.js';
import { Tap } from './harness/tap.js';
import { databaseHolding } from './harness/database-search.js';
import { freePort } from '@paloma/reference-deployment';
import { World, type UserDevice } from './harness/world.js';

const CANARIES = {
  subject: 'Xanthophyllite-subject',
  body: 'Yttrocerite-body',
  attachment: 'Zinkenite-attachment',
  filename: 'Wavellite-filename',
  mailbox: 'Vauquelinite-mailbox',
  passphrase: 'passphrase of alice, quite long',
} as const;

let world: World;
let tap: Tap;
let alice: UserDevice;
let bob: UserDevice;

beforeAll(async () => {
  const [users, submission, usersTap, submissionTap] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  world = await World.start({ ports: { users, submission }, publicUrl: `https://127.0.0.1:${usersTap}`, publicSubmissionPort: submissionTap });
  tap = new Tap(world.provider.tls);
  await tap.listen(usersTap, users);
  await tap.listen(submissionTap, submission);
  [alice, bob] = await Promise.all([world.signUp('alice'), world.signUp('bob')]);
});
afterAll(async () => {
  await world?.stop();
  await tap.close();
});

test('a journey from alice to bob leaves no canary on the wire, in the database, on the disk, in the logs or in the queue', async () => {
  await sendFromWeb();
  const imap = await openImap(bob);
  await waitForMessages(imap, 'INBOX', 1);
  await imap.logout();
  await Promise.all([alice, bob].map(({ device, accountId }) => device.control.sync(accountId)));

  expect(tap.recorded.length).toBeGreaterThan(10_000);
  for (const canary of Object.values(CANARIES)) {
    expect({ canary, onTheWire: tap.holds(canary) }).toEqual({ canary, onTheWire: false });
    expect({ canary, files: filesHolding(world.providerDirectory, canary) }).toEqual({ canary, files: [] });
    expect({ canary, columns: await databaseHolding(world.provider.databaseUrl, canary) }).toEqual({ canary, columns: [] });
  }
});

test('the search finds what is there', async () => {
  expect(tap.holds('application/cbor')).toBe(true);
  expect(filesHolding(world.providerDirectory, 'provider-sync').length).toBeGreaterThan(0);
  expect((await databaseHolding(world.provider.databaseUrl, alice.accountId)).length).toBeGreaterThan(0);
});

test('nor is there any in the logs of the devices', () => {
  for (const canary of [...Object.values(CANARIES), alice.address, bob.address, alice.mailAppPassword]) {
    expect({ canary, logs: filesHolding(world.directory, canary, (path) => path.endsWith('.log')) }).toEqual({ canary, logs: [] });
  }
});

/** What the web UA does: upload, draft, submit, and a mailbox with a telling name. */
async function sendFromWeb(): Promise<void> {
  const jmap = await JmapClient.open(alice);
  const { accountId } = jmap;
  const blobId = await jmap.upload(Buffer.from(`${CANARIES.attachment} `.repeat(4000)), 'application/octet-stream');
  const [, identities] = await jmap.call(
    ['Mailbox/set', { accountId, create: { m: { name: CANARIES.mailbox, parentId: null } } }, '0'],
    ['Identity/get', { accountId, ids: null }, '1'],
  );
  const identityId = (identities!['list'] as { id: string }[])[0]!.id;
  await jmap.call(
    ['Email/set', { accountId, create: { draft: {
      mailboxIds: { drafts: true }, keywords: { $draft: true, $seen: true }, subject: CANARIES.subject,
      from: [{ email: alice.address }], to: [{ email: bob.address }],
      bodyValues: { text: { value: CANARIES.body } }, textBody: [{ partId: 'text', type: 'text/plain' }],
      attachments: [{ blobId, type: 'application/octet-stream', name: `${CANARIES.filename}.bin`, disposition: 'attachment' }],
    } } }, '0'],
    ['EmailSubmission/set', { accountId, create: { send: { identityId, emailId: '#draft' } }, onSuccessUpdateEmail: { '#send': { 'mailboxIds/drafts': null, 'mailboxIds/sent': true, 'keywords/$draft': null } } }, '1'],
  );
}
