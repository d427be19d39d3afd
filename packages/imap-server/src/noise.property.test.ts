// Whatever octets come, before or after log-in, the server answers or hangs up, keeps serving others, and notes no bug.

import { afterAll, beforeAll, expect } from '@jest/globals';
import { LineSocket, fc, property } from '@paloma/test-kit';
import { COMMANDS } from './commands/index.js';
import { PASSWORD } from './test/memory-gateway.js';
import { startServer, type RunningServer } from './test/running-server.js';

let server: RunningServer;
beforeAll(async () => { server = await startServer(); });
afterAll(() => server.close());

const LOGIN = `login LOGIN alice@example.org ${JSON.stringify(PASSWORD)}\r\n`;
const ARGUMENTS = [
  '', ' 1', ' 1:*', ' *', ' $', ' INBOX', ' Archive', ' "a/b"', ' (FLAGS BODY[])', ' (BODY[1.MIME]<0.9> ENVELOPE BODYSTRUCTURE)', ' +FLAGS (\\Seen x)', ' FLAGS ()', ' ALL', ' NOT SEEN',
  ' (SUBJECT) UTF-8 ALL', ' RETURN (SAVE COUNT) TEXT x', ' (MESSAGES SIZE)', ' {3+}\r\nabc', ' {9}\r\n', ' "" *', ' (UNCHANGEDSINCE 1)', ' (QRESYNC (1 1))', ' QRESYNC', ' (', ' "', '\0', 'ÿÿ',
];
const command = fc.tuple(fc.constantFrom(...COMMANDS.keys()), fc.array(fc.constantFrom(...ARGUMENTS), { maxLength: 3 })).map(([name, args]) => `t ${name}${args.join('')}\r\n`);
const SOUND = [
  'SELECT INBOX', 'EXAMINE Archive', 'FETCH 1:* (FLAGS ENVELOPE BODYSTRUCTURE BODY[] PREVIEW)', 'UID FETCH 1:* (UID) (CHANGEDSINCE 1)', 'STORE 1:* +FLAGS (\\Deleted \\Seen)', 'UID STORE 1 -FLAGS.SILENT x',
  'SEARCH RETURN (SAVE ALL) OR TEXT b NOT SEEN', 'UID SEARCH MODSEQ 1', 'SORT (SUBJECT DATE) UTF-8 ALL', 'COPY 1 Archive', 'UID MOVE 1:* Trash', 'EXPUNGE', 'UID EXPUNGE 1:*', 'CLOSE', 'UNSELECT',
  'APPEND INBOX (\\Flagged) {4+}\r\na: b', 'CREATE a/b', 'RENAME a c', 'RENAME INBOX d', 'DELETE a/b', 'SUBSCRIBE c', 'LIST (SUBSCRIBED) "" * RETURN (STATUS (MESSAGES))', 'LSUB "" %', 'STATUS INBOX (MESSAGES SIZE)',
  'APPEND INBOX {1+}\r\na {1+}\r\nb', 'APPEND Drafts CATENATE (URL /INBOX/;UID=1 TEXT {1+}\r\nx)', 'REPLACE 1 INBOX {1+}\r\nz', 'UID REPLACE 2 Drafts {1+}\r\nz', 'FETCH 1:* (BINARY[1] BINARY.SIZE[1])',
  'THREAD REFERENCES UTF-8 ALL', 'UID THREAD ORDEREDSUBJECT UTF-8 SEEN', 'UID SORT RETURN (UPDATE PARTIAL 1:2) (DISPLAYFROM) UTF-8 ALL', 'SEARCH RETURN (UPDATE (FLAGS)) UNSEEN', 'CANCELUPDATE "t"', 'GETQUOTAROOT INBOX',
  'NOTIFY SET STATUS (selected (MessageNew (UID BODY[]) MessageExpunge FlagChange)) (personal (MessageNew MessageExpunge MailboxName SubscriptionChange))', 'NOTIFY SET (selected-delayed (MessageNew MessageExpunge))',
  'NOTIFY NONE', 'ENABLE IMAP4rev2 UTF8=ACCEPT', 'ENABLE UIDONLY',
  'ENABLE QRESYNC', 'SELECT INBOX (QRESYNC (1 1))', 'IDLE\r\nDONE', 'NOOP', 'CHECK', 'NAMESPACE', 'ID NIL', 'CAPABILITY',
].map((text) => `t ${text}\r\n`);
const noise = fc.array(fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...SOUND) }, { weight: 8, arbitrary: command }, { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) }, { weight: 1, arbitrary: fc.constantFrom('DONE\r\n', '\r\n', LOGIN) }), { maxLength: 40 });

property('noise', fc.tuple(fc.boolean(), noise), async ([logsIn, pieces]) => {
  const client = await LineSocket.connect(server.port);
  client.send(`${logsIn ? `${LOGIN}s SELECT INBOX\r\nx APPEND INBOX {4+}\r\na: b\r\n` : ''}${pieces.join('')}`);
  client.socket.end();
  while ((await client.readLine()) !== null);
  expect(server.bugs).toEqual([]);
}, { numRuns: 60 });
