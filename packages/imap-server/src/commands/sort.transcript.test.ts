import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

const message = (from: string, subject: string, date: string, body: string): string =>
  `From: ${from}\r\nSubject: ${subject}\r\n${date === '' ? '' : `Date: ${date}\r\n`}\r\n${body}`;

transcript('SORT', async (stage) => {
  await withMessages(
    stage,
    message('Zoe <carl@example.org>', 'Re: beta', 'Thu, 1 Jan 2026 10:00:00 +0000', 'x'),
    message('Ann <Bob@example.org>', '=?utf-8?q?=C3=84pfel?=', 'Thu, 1 Jan 2026 11:00:00 +0200', 'x'.repeat(100)),
    message('ann@example.org', '[list] Beta (fwd)', '', ''),
  );
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 SORT (SUBJECT) UTF-8 ALL
    S: * SORT 2 1 3
    S: a1 OK SORT completed
    C: a2 SORT (SUBJECT REVERSE SIZE) UTF-8 ALL
    S: * SORT 2 1 3
    S: a2 OK SORT completed
    C: a3 UID SORT (FROM) US-ASCII ALL
    S: * SORT 3 2 1
    S: a3 OK SORT completed
    C: a4 SORT (DATE) UTF-8 ALL
    S: * SORT 3 2 1
    S: a4 OK SORT completed
    C: a5 SORT (REVERSE DATE) UTF-8 SUBJECT beta
    S: * SORT 1 3
    S: a5 OK SORT completed
    C: a6 SORT (REVERSE ARRIVAL) UTF-8 ALL
    S: * SORT 1 2 3
    S: a6 OK SORT completed
    C: a7 SORT (SIZE TO CC) UTF-8 ALL
    S: * SORT 3 1 2
    S: a7 OK SORT completed
    C: a8 SORT (SIZE) KOI8-R ALL
    S: a8 NO [BADCHARSET (UTF-8 US-ASCII)] …
    C: a9 SORT (COLOUR) UTF-8 ALL
    S: a9 BAD sort key expected …
    C: b1 SORT (SIZE) UTF-8 MODSEQ 1
    S: * SORT 3 1 2 (MODSEQ <modSeq>)
    S: b1 OK SORT completed`);
});

transcript('SORT by the names that are shown, and with RETURN', async (stage) => { // RFC 5957, RFC 5267 §3
  await withMessages(stage,
    'From: =?utf-8?q?=C3=84nne?= <z@example.org>\r\nTo: b@example.org\r\n\r\n',
    'From: carl@example.org\r\nTo: "Alice" <y@example.org>\r\n\r\n',
    'From: "Bob" <a@example.org>\r\nTo: friends: c@example.org;\r\n\r\n',
    'Subject: nobody\r\n\r\n');
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 SORT (DISPLAYFROM) UTF-8 ALL
    S: * SORT 4 1 3 2
    S: a1 OK SORT completed
    C: a2 SORT (REVERSE DISPLAYTO) UTF-8 ALL
    S: * SORT 3 1 2 4
    S: a2 OK SORT completed
    C: a3 UID SORT RETURN (MIN MAX COUNT ALL) (REVERSE DISPLAYFROM) UTF-8 ALL
    S: * ESEARCH (TAG "a3") UID MIN 2 MAX 4 COUNT 4 ALL 2:3,1,4
    S: a3 OK SORT completed
    C: a4 SORT RETURN (PARTIAL 2:3) (REVERSE ARRIVAL) UTF-8 NOT 1
    S: * ESEARCH (TAG "a4") PARTIAL (2:3 3:4)
    S: a4 OK SORT completed
    C: a5 SORT RETURN () (DISPLAYFROM) UTF-8 SEEN
    S: * ESEARCH (TAG "a5")
    S: a5 OK SORT completed`);
});
