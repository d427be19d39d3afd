// A mail from outside, read back exactly: SMTP in, sealed, IMAP and JMAP out.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchAll, openImap, waitForMessages } from './harness/imap-client.js';
import { JmapClient } from './harness/jmap-client.js';
import { smallPdf, withoutTrace } from './harness/octets.js';
import { composeWithNodemailer, sendFromOutside } from './harness/outside-world.js';
import { World, type UserDevice } from './harness/world.js';

let world: World;
let alice: UserDevice;

beforeAll(async () => {
  world = await World.start();
  alice = await world.signUp('alice');
});
afterAll(() => world?.stop());

test('a multipart mail with a PDF is read back byte for byte by IMAP and by JMAP', async () => {
  const octets = await composeWithNodemailer({
    from: 'Stella <stella@example.org>', to: alice.address, subject: 'Grüße mit Anhang',
    text: 'The plan is attached.', html: '<p>The plan is <b>attached</b>.</p>',
    attachments: [{ filename: 'plan.pdf', content: smallPdf(), contentType: 'application/pdf' }],
  });
  const imap = await openImap(alice);
  await sendFromOutside(world.provider.ports.mx, { reversePath: 'stella@example.org', forwardPaths: [alice.address], octets });
  await waitForMessages(imap, 'INBOX', 1);
  const [message] = await fetchAll(imap, 'INBOX');
  await imap.logout();
  expect(withoutTrace(message!.source).equals(octets)).toBe(true);

  const jmap = await JmapClient.open(alice);
  const [query, get] = await jmap.call(
    ['Email/query', { accountId: jmap.accountId, filter: { subject: 'Anhang' } }, '0'],
    ['Email/get', { accountId: jmap.accountId, '#ids': { resultOf: '0', name: 'Email/query', path: '/ids' }, properties: ['blobId', 'subject', 'hasAttachment'] }, '1'],
  );
  expect(query!['ids']).toHaveLength(1);
  const [email] = get!['list'] as { blobId: string; subject: string; hasAttachment: boolean }[];
  expect(email).toMatchObject({ subject: 'Grüße mit Anhang', hasAttachment: true });
  expect((await jmap.download(email!.blobId)).equals(message!.source)).toBe(true);
});

test.each([
  ['an unknown recipient', 'nobody@paloma.test', /550 5\.1\.1/],
  ['a recipient of another domain', 'somebody@elsewhere.test', /55\d 5\.[17]\.1/],
])('%s is refused for good', async (_name, forwardPath, reply) => {
  const octets = Buffer.from('From: a@example.org\r\n\r\nx\r\n');
  await expect(sendFromOutside(world.provider.ports.mx, { reversePath: 'a@example.org', forwardPaths: [forwardPath], octets })).rejects.toThrow(reply);
});

test('while provider-sync is down a recipient is refused for now, and taken when it is back', async () => {
  const octets = Buffer.from('From: a@example.org\r\nSubject: patience\r\nMessage-ID: <patience@example.org>\r\n\r\nx\r\n');
  const mail = { reversePath: 'a@example.org', forwardPaths: [alice.address], octets };
  await world.provider.sync.kill();
  await expect(sendFromOutside(world.provider.ports.mx, mail)).rejects.toThrow(/451 4\.3\.0/);
  await world.provider.startSync();
  await sendFromOutside(world.provider.ports.mx, mail);
  const imap = await openImap(alice);
  await waitForMessages(imap, 'INBOX', 2);
  await imap.logout();
});
