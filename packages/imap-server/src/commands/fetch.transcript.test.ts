import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

const NESTED = [
  'Subject: outer', 'From: "A \\"B\\"" <a@example.org>', 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'text', '--b',
  'Content-Type: message/rfc822', 'Content-Description: inside', '', 'Subject: inner', 'Content-Type: multipart/alternative; boundary=c', '',
  '--c', '', 'plain', '--c', 'Content-Type: text/html', '', '<p>', '--c--', '--b--', 'epilogue', '',
].join('\r\n');

transcript('FETCH of what the list of messages shows', async (stage) => {
  await withMessages(stage, 'Subject: =?utf-8?q?gr=C3=BC=C3=9Fe?=\r\nDate: Thu, 1 Jan 2026 10:00:00 +0000\r\nFrom: Bob <bob@example.com>\r\nMessage-ID: <1@x>\r\n\r\nbody');
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 FETCH 1 ALL
    S: * 1 FETCH (FLAGS () INTERNALDATE " 1-Jan-1970 00:00:00 +0000" RFC822.SIZE 130 ENVELOPE ("Thu, 1 Jan 2026 10:00:00 +0000" "=?utf-8?q?gr=C3=BC=C3=9Fe?=" (("Bob" NIL "bob" "example.com")) (("Bob" NIL "bob" "example.com")) (("Bob" NIL "bob" "example.com")) NIL NIL NIL NIL "<1@x>"))
    S: a1 OK FETCH completed
    C: a2 UID FETCH 1 (EMAILID THREADID PREVIEW (LAZY) SAVEDATE)
    S: * 1 FETCH (UID 1 EMAILID (<email>) THREADID (<thread>) PREVIEW "body" SAVEDATE " 1-Jan-2026 00:00:00 +0000")
    S: a2 OK FETCH completed
    C: a3 FETCH 1 BODY
    S: * 1 FETCH (BODY ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 4 1))
    S: a3 OK FETCH completed`);
});

transcript('FETCH of sections and partials', async (stage) => {
  await withMessages(stage, NESTED);
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 FETCH 1 (BODY.PEEK[1] BODY.PEEK[1.MIME] BODY.PEEK[2.MIME] BODY.PEEK[2.2] BODY.PEEK[2.2.MIME])
    S: * 1 FETCH (BODY[1] {4}
    S: text BODY[1.MIME] {2}
    S:${' '}
    S:  BODY[2.MIME] {61}
    S: Content-Type: message/rfc822
    S: Content-Description: inside
    S:${' '}
    S:  BODY[2.2] {3}
    S: <p> BODY[2.2.MIME] {27}
    S: Content-Type: text/html
    S:${' '}
    S: )
    S: a1 OK FETCH completed
    C: a2 FETCH 1 (BODY.PEEK[2.HEADER.FIELDS (subject x-none)] BODY.PEEK[HEADER.FIELDS.NOT ("Content-Type" From)]<3.8>)
    S: * 1 FETCH (BODY[2.HEADER.FIELDS (subject x-none)] {18}
    S: Subject: inner
    S:${' '}
    S:  BODY[HEADER.FIELDS.NOT (Content-Type From)]<3> {8}
    S: ject: ou)
    S: a2 OK FETCH completed
    C: a3 FETCH 1 (BODY.PEEK[3] BODY.PEEK[1.1] BODY.PEEK[1.HEADER] BODY.PEEK[2.3] BODY.PEEK[1]<9.5> BODY.PEEK[1]<2.100>)
    S: * 1 FETCH (BODY[3] NIL BODY[1.1] NIL BODY[1.HEADER] NIL BODY[2.3] NIL BODY[1]<9> {0}
    S:  BODY[1]<2> {2}
    S: xt)
    S: a3 OK FETCH completed
    C: a4 FETCH 1 BODYSTRUCTURE
    S: * 1 FETCH (BODYSTRUCTURE (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 4 1 NIL NIL NIL NIL)("message" "rfc822" NIL NIL "inside" "7bit" <size> (NIL "inner" NIL NIL NIL NIL NIL NIL NIL NIL) (("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 5 1 NIL NIL NIL NIL)("text" "html" NIL NIL NIL "7bit" 3 1 NIL NIL NIL NIL) "alternative" ("boundary" "c") NIL NIL NIL) <lines> NIL NIL NIL NIL) "mixed" ("boundary" "b") NIL NIL NIL))
    S: a4 OK FETCH completed
    C: a5 FETCH 1 RFC822.HEADER
    S: * 1 FETCH (RFC822.HEADER {<headerSize>}
    S: Subject: outer
    S: From: "A \\"B\\"" <a@example.org>
    S: Content-Type: multipart/mixed; boundary=b
    S:${' '}
    S: )
    S: a5 OK FETCH completed`);
});

transcript('FETCH of a body marks the message as seen and says so', async (stage) => {
  await withMessages(stage, 'a: b\r\n\r\nbody');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX', enable: 'CONDSTORE' })];
  await client.run(`
    C: a1 FETCH 1 (RFC822.HEADER BODY.PEEK[TEXT])
    S: * 1 FETCH (RFC822.HEADER {8}
    S: a: b
    S:${' '}
    S:  BODY[TEXT] {4}
    S: body)
    S: a1 OK FETCH completed
    C: a2 FETCH 1 RFC822.TEXT
    S: * 1 FETCH (RFC822.TEXT {4}
    S: body FLAGS (\\Seen))
    S: a2 OK FETCH completed
    C: a3 FETCH 1 BODY[TEXT]
    S: * 1 FETCH (BODY[TEXT] {4}
    S: body)
    S: a3 OK FETCH completed`);
  await other.run(`
    C: b1 NOOP
    S: * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (<modSeq>))
    S: b1 OK NOOP completed
    C: b2 FETCH 1 (FLAGS) (CHANGEDSINCE <modSeq>)
    S: b2 OK FETCH completed
    C: b3 FETCH 1 (UID) (CHANGEDSINCE 1)
    S: * 1 FETCH (UID 1 MODSEQ (<modSeq>))
    S: b3 OK FETCH completed`);
});

transcript('FETCH refuses', async (stage) => {
  await withMessages(stage, 'x');
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 FETCH 2 FLAGS
    S: a1 BAD no message of this number
    C: a2 UID FETCH 7,9:* UID
    S: * 1 FETCH (UID 1)
    S: a2 OK FETCH completed
    C: a3 FETCH 1 (FLAGS
    S: a3 BAD …
    C: a4 FETCH 1 (FLAGS) (VANISHED)
    S: a4 BAD …
    C: a5 UID FETCH 1 (FLAGS) (CHANGEDSINCE 1 VANISHED)
    S: a5 BAD enable QRESYNC first
    C: a6 FETCH 1 FLAGS BODY
    S: a6 BAD …`);
});

transcript('messages that others expunge keep their numbers until the client is told', async (stage) => {
  await withMessages(stage, 'one', 'two', 'three');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await other.run(`
    C: b1 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: b1 OK STORE completed
    C: b2 EXPUNGE
    S: * 1 EXPUNGE
    S: b2 OK EXPUNGE completed
    C: b3 APPEND INBOX {4+}
    C: four
    S: * 3 EXISTS
    S: b3 OK …`);
  await client.run(`
    C: a1 FETCH 1:3 BODY.PEEK[]
    S: * 2 FETCH (BODY[] {3}
    S: two)
    S: * 3 FETCH (BODY[] {5}
    S: three)
    S: * 4 EXISTS
    S: a1 NO [EXPUNGEISSUED] some of the messages are gone
    C: a2 STORE 2 +FLAGS (\\Flagged)
    S: * 2 FETCH (FLAGS (\\Flagged))
    S: a2 OK STORE completed
    C: a3 SEARCH ALL
    S: * SEARCH 2 3 4
    S: a3 OK SEARCH completed
    C: a4 UID FETCH 1:* UID
    S: * 1 FETCH (UID 1)
    S: * 2 FETCH (UID 2)
    S: * 3 FETCH (UID 3)
    S: * 4 FETCH (UID 4)
    S: * 1 EXPUNGE
    S: a4 OK FETCH completed
    C: a5 FETCH 1 (UID FLAGS)
    S: * 1 FETCH (UID 2 FLAGS (\\Flagged))
    S: a5 OK FETCH completed`);
});
