// Mails that differ by a number: the least that tells who got which, and how often.

import { fetchAll, openImap, waitForMessages } from './imap-client.js';
import { sendFromOutside } from './outside-world.js';
import type { UserDevice, World } from './world.js';

/** A stranger's mail "number n" to a user, durable at the provider when this resolves. */
export async function deliverNumber(world: World, user: UserDevice, number: number, bodyBytes = 100): Promise<void> {
  const body = 'x'.repeat(70).concat('\r\n').repeat(Math.ceil(bodyBytes / 72));
  const octets = Buffer.from(`From: a@example.org\r\nTo: ${user.address}\r\nSubject: number ${number}\r\nMessage-ID: <${number}.${user.name}@example.org>\r\n\r\n${body}`);
  await sendFromOutside(world.provider.ports.mx, { reversePath: 'a@example.org', forwardPaths: [user.address], octets });
}

/** Subjects in a user's inbox on that device, sorted, once `count` messages are there and a sync has moved the rest. */
export async function arrivedSubjects(user: UserDevice, count: number): Promise<string[]> {
  await user.device.control.sync(user.accountId);
  const imap = await openImap(user);
  try {
    await waitForMessages(imap, 'INBOX', count);
    await user.device.control.sync(user.accountId);
    return (await fetchAll(imap, 'INBOX')).map(({ source }) => /^Subject: (.*)\r$/m.exec(source.toString('latin1'))![1]!).sort();
  } finally {
    await imap.logout();
  }
}
