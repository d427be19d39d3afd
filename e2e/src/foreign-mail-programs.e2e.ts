// Judges: mail programs written by others, over real sockets, against a real device. Those that the machine lacks are left out;
// .ci/run installs all of them. imapflow, which looks on from the other side, is always there.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isInstalled, runProgram } from './foreign/installed-program.js';
import { startMutt } from './foreign/mutt.js';
import { fetchAll, waitForFlag, waitForMessages } from './harness/imap-client.js';
import { sendFromOutside } from './harness/outside-world.js';
import { World, type UserDevice } from './harness/world.js';

const STRANGER = 'stranger@example.org';

let world: World;
beforeAll(async () => { world = await World.start(); });
afterAll(() => world?.stop());

const letter = (subject: string, to: string): Buffer => Buffer.from(
  `From: Stranger <${STRANGER}>\r\nTo: ${to}\r\nSubject: ${subject}\r\nDate: Thu, 1 Jan 2026 10:00:00 +0000\r\nMessage-ID: <${subject}@example.org>\r\n`
  + `Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nGrüße from ${subject}.\r\n.\r\n`);

async function newUser(name: string): Promise<{ user: UserDevice; home: string }> {
  const home = join(world.directory, `home-of-${name}`);
  mkdirSync(home);
  return { user: await world.signUp(name), home };
}

/** What a stranger got with this subject. */
async function receivedOutside(subject: string): Promise<string> {
  for (let count = 1; ; count += 1) {
    const found = (await world.outside.messages(count)).find(({ octets }) => octets.includes(`Subject: ${subject}\r\n`));
    if (found) return found.octets.toString();
  }
}

const IMAPLIB_SESSION = `
import imaplib, sys
port, user, password = sys.stdin.read().split('\\n')[:3]
client = imaplib.IMAP4('127.0.0.1', int(port))
def do(result):
    assert result[0] == 'OK', result
    return result[1]
do(client.login(user, password))
message = 'Subject: by imaplib\\r\\n\\r\\nGrüße\\r\\n.\\r\\n'.encode()
do(client.append('Drafts', '(\\\\Draft)', imaplib.Time2Internaldate(86400 * 365), message))
assert do(client.select('Drafts')) == [b'1']
assert do(client.fetch('1', '(BODY.PEEK[])'))[0][1] == message
assert b'" 1-Jan-1971 00:00:00 +0000"' in do(client.fetch('1', '(INTERNALDATE)'))[0]
assert do(client.uid('SEARCH', 'CHARSET', 'UTF-8', 'BODY', '"Gr\\u00fc\\u00dfe"'.encode())) == [b'1']
do(client.uid('STORE', '1', '+FLAGS', '(\\\\Answered $Forwarded)'))
do(client.uid('MOVE', '1', 'Archive'))
assert do(client.select('Archive', readonly=True)) == [b'1']
assert b'$forwarded' in do(client.fetch('1', '(FLAGS)'))[0]
client.logout()
print('done')
`;

describe('programs of others', () => {
  test('imapflow sees the whole way of a letter', async () => {
    const { user } = await newUser('ingrid');
    const imap = await world.openImap(user);
    await sendFromOutside(world.provider.ports.mx, { reversePath: STRANGER, forwardPaths: [user.address], octets: letter('for-imapflow', user.address) });
    await waitForMessages(imap, 'INBOX', 1);
    await imap.mailboxOpen('INBOX');
    const found = await imap.fetchOne('*', { envelope: true, bodyStructure: true, bodyParts: ['1'] });
    if (!found) throw new Error('no message');
    expect(found.envelope).toMatchObject({ subject: 'for-imapflow', messageId: '<for-imapflow@example.org>', from: [{ name: 'Stranger', address: STRANGER }] });
    expect(found.bodyStructure).toMatchObject({ type: 'text/plain', encoding: '8bit', parameters: { charset: 'utf-8' } });
    expect(found.bodyParts!.get('1')!.toString()).toBe('Grüße from for-imapflow.\r\n.\r\n');
  });

  if (isInstalled('python3')) test('imaplib runs a whole session', async () => {
    const { user, home } = await newUser('iris');
    const output = await runProgram('python3', ['-c', IMAPLIB_SESSION], { home, input: `${user.device.ports.imap}\n${user.address}\n${user.mailAppPassword}\n` });
    expect(output).toBe('done\n');
  });

  if (isInstalled('curl')) test('curl sends a letter and reads one', async () => {
    const { user, home } = await newUser('carla');
    const login = `user = "${user.address}:${user.mailAppPassword}"\nsilent\nshow-error\nfail\n`;
    writeFileSync(join(home, 'letter'), `From: ${user.address}\r\nTo: ${STRANGER}\r\nSubject: by-curl\r\n\r\nGrüße\r\n.\r\n`);
    await runProgram('curl', ['--config', '-', '--upload-file', join(home, 'letter')], {
      home, input: `${login}url = "smtp://127.0.0.1:${user.device.ports.smtp}"\nmail-from = "${user.address}"\nmail-rcpt = "${STRANGER}"\n`,
    });
    expect(await receivedOutside('by-curl')).toMatch(/^Content-Type: multipart\/signed;/m);
    const imap = await world.openImap(user);
    await waitForMessages(imap, 'Sent', 1);
    const read = await runProgram('curl', ['--config', '-'], { home, input: `${login}url = "imap://127.0.0.1:${user.device.ports.imap}/Sent;MAILINDEX=1"\n` });
    expect(read).toContain('Subject: by-curl\r\n');
    expect(read).toContain('Grüße\r\n.\r\n');
  });

  if (isInstalled('msmtp')) test('msmtp sends as sendmail does, and is told what became of it', async () => {
    const { user, home } = await newUser('mona');
    writeFileSync(join(home, '.msmtprc'), `account default
host 127.0.0.1
port ${user.device.ports.smtp}
auth plain
user ${user.address}
password ${user.mailAppPassword}
from ${user.address}
tls off
dsn_notify success,failure
dsn_return full
`, { mode: 0o600 });
    await runProgram('msmtp', ['-t'], { home, input: `From: ${user.address}\nTo: ${STRANGER}\nSubject: by-msmtp\n\nGrüße\n.\n` });
    expect(await receivedOutside('by-msmtp')).toContain(`To: ${STRANGER}`);
    const imap = await world.openImap(user);
    await waitForMessages(imap, 'INBOX', 1);
    const [notice] = await fetchAll(imap, 'INBOX');
    expect(notice?.source.toString()).toMatch(/Final-Recipient: rfc822; stranger@example\.org\r\nAction: relayed\r\n/);   // the stranger's host has no DSN
  });

  if (isInstalled('mutt', '-v') && isInstalled('tmux', '-V')) test('mutt reads, answers and deletes', async () => {
    const { user, home } = await newUser('mary');
    const imap = await world.openImap(user);
    for (const subject of ['question', 'rubbish']) {
      await sendFromOutside(world.provider.ports.mx, { reversePath: STRANGER, forwardPaths: [user.address], octets: letter(subject, user.address) });
    }
    await waitForMessages(imap, 'INBOX', 2);
    const mutt = startMutt(user, home, 'The answer.');
    try {
      await mutt.shows(/1 N \+ Stranger +question\n +2 N \+ Stranger +rubbish/);
      await mutt.type('1', 'Enter', 'Enter');
      expect(await mutt.shows(/Grüße from question\./)).toContain('From: Stranger <stranger@example.org>');
      await mutt.type('r');
      await mutt.shows(/y:Send/);
      await mutt.type('y');
      await mutt.shows(/Mail sent/);
      const sent = await receivedOutside('Re: question');
      expect(sent).toContain('The answer.');
      expect(sent).toContain('> Gr=C3=BC=C3=9Fe from question.');   // signed text is 7bit, RFC 3156 §3, whatever mutt wrote
      expect(sent).toContain('In-Reply-To: <question@example.org>');

      await mutt.type('q');
      await mutt.shows(/1 r \+ Stranger +question/);
      await mutt.type('2', 'Enter', 'd', '$');
      await mutt.shows(/Msgs:1\b/);
      await waitForFlag(imap, 'INBOX', 1, '\\Answered');
      await imap.noop();
      expect((await fetchAll(imap, 'INBOX')).map(({ flags }) => [...flags].sort())).toEqual([['\\Answered', '\\Seen']]);

      await sendFromOutside(world.provider.ports.mx, { reversePath: STRANGER, forwardPaths: [user.address], octets: letter('news', user.address) });
      await mutt.shows(/2 N \+ Stranger +news/);
    } finally {
      await mutt.close();
    }
  });
});
