// Judges: curl and Python's imaplib, where they are installed.

import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { MailboxId } from '@paloma/shared-model';
import { isInstalled, outputOf } from '@paloma/test-kit';
import { PASSWORD } from './test/memory-gateway.js';
import { startServer, type RunningServer } from './test/running-server.js';

let server: RunningServer;
beforeEach(async () => { server = await startServer(); });
afterEach(async () => {
  await server.close();
  expect(server.bugs).toEqual([]);
});

const MESSAGE = Buffer.from('Subject: from outside\r\n\r\nöctets\r\n.\r\nend', 'latin1');

if (isInstalled('curl')) test('curl appends and fetches the same octets', async () => {
  const url = `imap://127.0.0.1:${server.port}`;
  const config = (...lines: string[]): Buffer => Buffer.from([`user = ${JSON.stringify(`alice@example.org:${PASSWORD}`)}`, 'silent', 'show-error', ...lines].join('\n'));
  await server.gateway.storeOf('alice').append({ octets: MESSAGE, mailboxIds: [(await inboxOf(server))] });
  const fetched = await outputOf('curl', ['--config', '-'], config(`url = "${url}/INBOX;UID=1"`));
  expect(fetched.equals(MESSAGE)).toBe(true);
  const searched = await outputOf('curl', ['--config', '-'], config(`url = "${url}/INBOX?SUBJECT%20outside"`));
  expect(searched.toString()).toBe('* SEARCH 1\r\n');
});

async function inboxOf({ gateway }: RunningServer): Promise<MailboxId> {
  const mailboxes = await gateway.storeOf('alice').listMailboxes();
  return mailboxes.find(({ role }) => role === 'inbox')!.mailboxId;
}

const IMAPLIB_SESSION = `
import imaplib, sys
message = sys.stdin.buffer.read()
client = imaplib.IMAP4('127.0.0.1', int(sys.argv[1]))
def do(result):
    assert result[0] == 'OK', result
    return result[1]
do(client.authenticate('PLAIN', lambda _: ('\\0alice@example.org\\0' + sys.argv[2]).encode()))
do(client.append('INBOX', '(\\\\Flagged)', imaplib.Time2Internaldate(0), message))
assert do(client.select('INBOX')) == [b'1']
assert do(client.fetch('1', '(RFC822)'))[0][1] == message
assert b'\\\\Seen' in do(client.fetch('1', '(FLAGS)'))[0]
do(client.store('1', '-FLAGS', '\\\\Flagged'))
assert do(client.search(None, 'FLAGGED')) == [b'']
assert do(client.uid('SEARCH', 'CHARSET', 'UTF-8', 'SUBJECT', 'outside')) == [b'1']
do(client.create('"A folder"'))
do(client.copy('1', '"A folder"'))
do(client.uid('MOVE', '1', 'Archive'))
assert do(client.noop()) is not None
assert do(client.status('"A folder"', '(MESSAGES)')) == [b'"A folder" (MESSAGES 1)']
assert len(do(client.list())) == 7
do(client.close())
client.logout()
print('done')
`;

if (isInstalled('python3')) test('imaplib runs a whole session', async () => {
  const output = await outputOf('python3', ['-c', IMAPLIB_SESSION, String(server.port), PASSWORD], MESSAGE);
  expect(output.toString().trim()).toBe('done');
});
