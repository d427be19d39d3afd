// Judges: programs that keep maildirs and the account the same. They believe UIDs, UIDVALIDITY and flags for ever, act on both
// sides at once, and repeat in the next run whatever they think is not yet so.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { ImapFlow } from 'imapflow';
import { isInstalled } from './foreign/installed-program.js';
import { mbsync, offlineimap, type NewSyncProgram, type SyncProgram } from './foreign/sync-program.js';
import { fetchAll } from './harness/imap-client.js';
import { World } from './harness/world.js';

const PROGRAMS: readonly [name: string, program: NewSyncProgram][] = [['mbsync', mbsync], ['offlineimap', offlineimap]];
const MAILBOXES = ['INBOX', 'Archive', 'Projects'] as const;

let world: World;
beforeAll(async () => { world = await World.start(); });
afterAll(() => world?.stop());

const message = (subject: string): Buffer => Buffer.from(
  `From: Bob <bob@example.org>\r\nTo: alice@paloma.test\r\nSubject: ${subject}\r\nDate: Thu, 1 Jan 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.org>\r\n\r\n`
  + `Grüße, ${subject}\r\n.\r\n..\r\nFrom here on\r\n ${'long '.repeat(500)}\r\n`, 'latin1');

/** mbsync and offlineimap keep lines on disk as Unix does, and mark what they upload with a header field of theirs. */
const withoutAdditions = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1').replaceAll('\r\n', '\n').replace(/^X-(?:TUID|OfflineIMAP): .*\n/gm, '');

const LETTERS: Readonly<Record<string, string>> = { '\\Draft': 'D', '\\Flagged': 'F', '\\Answered': 'R', '\\Seen': 'S', '\\Deleted': 'T' };

/** What a mailbox holds, in one form for both sides. */
type Contents = { octets: string; flags: string }[];
const sorted = (contents: Contents): Contents => contents.toSorted((a, b) => (a.octets < b.octets ? -1 : 1));

async function farContents(imap: ImapFlow, mailbox: string): Promise<Contents> {
  await imap.noop();   // an answer with sequence numbers names also what others have expunged, until that can be told
  return sorted((await fetchAll(imap, mailbox)).map(({ source, flags }) => ({ octets: withoutAdditions(source), flags: [...flags].map((flag) => LETTERS[flag] ?? '').sort().join('') })));
}

function nearContents(program: SyncProgram, mailbox: string): Contents {
  return sorted(program.folder(mailbox).messages().map(({ octets, flags }) => ({ octets: withoutAdditions(octets), flags })));
}

async function expectSame(imap: ImapFlow, program: SyncProgram): Promise<void> {
  for (const mailbox of MAILBOXES) expect(nearContents(program, mailbox)).toEqual(await farContents(imap, mailbox));
}

/** Anything that a further run might touch: file names on one side, numbers on the other. */
async function traces(imap: ImapFlow, program: SyncProgram): Promise<unknown> {
  return Promise.all(MAILBOXES.map(async (mailbox) => ({
    files: readdirSync(join(program.folder(mailbox).directory, 'cur')).sort(),
    status: await imap.status(mailbox, { messages: true, uidNext: true, highestModseq: true }),
  })));
}

const subjectsOf = (contents: Contents): string[] => contents.map(({ octets }) => /^Subject: (.*)$/m.exec(octets)![1]!).sort();

async function change(imap: ImapFlow, mailbox: string, work: () => Promise<unknown>): Promise<void> {
  const lock = await imap.getMailboxLock(mailbox);
  await work().finally(() => lock.release());
}

describe('maildirs and the account are the same after a run', () => {
  test('there is an account', async () => {
    expect(await (await world.openImap(await world.signUp('alice'))).status('INBOX', { messages: true })).toMatchObject({ messages: 0 });
  });

  for (const [name, newProgram] of PROGRAMS.filter(([program]) => isInstalled(program))) test(name, async () => {
    const user = await world.signUp(`with-${name}`);
    const imap = await world.openImap(user);
    const program = newProgram(user, join(world.directory, name));
    await imap.mailboxCreate('Projects');
    for (const subject of ['read-here', 'deleted-here', 'moved-here', 'flagged-there', 'deleted-there', 'moved-there']) await imap.append('INBOX', message(subject));
    await imap.append('Projects', message('kept'), ['\\Seen', '\\Answered']);
    await program.sync();
    await expectSame(imap, program);

    const [inbox, archive] = [program.folder('INBOX'), program.folder('Archive')];
    inbox.setFlags(inbox.find('read-here'), 'FS');
    inbox.remove(inbox.find('deleted-here'));
    inbox.moveTo(archive, inbox.find('moved-here'));
    inbox.add(Buffer.from(message('new-here').toString('latin1').replaceAll('\r\n', '\n'), 'latin1'), 'S');
    await change(imap, 'INBOX', async () => {
      await imap.messageFlagsAdd({ subject: 'flagged-there' }, ['\\Flagged']);
      await imap.messageDelete({ subject: 'deleted-there' });
      await imap.messageMove({ subject: 'moved-there' }, 'Archive');
    });
    await imap.append('INBOX', message('new-there'));
    await program.sync();
    await expectSame(imap, program);
    expect(subjectsOf(await farContents(imap, 'INBOX'))).toEqual(['flagged-there', 'new-here', 'new-there', 'read-here']);
    expect(subjectsOf(await farContents(imap, 'Archive'))).toEqual(['moved-here', 'moved-there']);

    const before = await traces(imap, program);
    await program.sync();
    expect(await traces(imap, program)).toEqual(before);
  });
});
