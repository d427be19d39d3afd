import { transcript } from '../test/transcript.js';

transcript('APPEND answers with the new UID and tells other sessions', async ({ connect }) => {
  const writer = await connect('alice');
  const watcher = await connect('alice', { select: 'INBOX' });
  await writer.run(`
    C: a1 APPEND INBOX (\\Seen $Forwarded) " 7-Feb-1994 21:52:25 -0800" {4}
    S: + go ahead
    C: test
    S: a1 OK [APPENDUID <uidValidity> 1] APPEND completed`); // RFC 4315 §3
  await watcher.run(`
    C: w1 NOOP
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $forwarded)
    S: * 1 EXISTS
    S: w1 OK NOOP completed
    C: w2 FETCH 1 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
    S: * 1 FETCH (UID 1 FLAGS ($forwarded \\Seen) INTERNALDATE " 8-Feb-1994 05:52:25 +0000" RFC822.SIZE 4 BODY[] {4}
    S: test)
    S: w2 OK FETCH completed
    C: w3 STATUS inbox (UIDVALIDITY)
    S: * STATUS INBOX (UIDVALIDITY <uidValidity>)
    S: w3 OK STATUS completed`);
});

transcript('APPEND takes a literal that it did not ask for', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 APPEND Drafts (\\Deleted) {4+}
    C: test
    S: a1 OK [APPENDUID <uidValidity> 1] APPEND completed
    C: a2 SELECT Drafts
    S: …
    S: a2 OK [READ-WRITE] SELECT completed
    C: a3 FETCH 1 FLAGS
    S: * 1 FETCH (FLAGS (\\Deleted))
    S: a3 OK FETCH completed`);
});

transcript('APPEND refuses', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 APPEND nope {1+}
    C: x
    S: a1 NO [TRYCREATE] no such mailbox
    C: a2 APPEND INBOX (\\Nope) {1+}
    C: x
    S: a2 BAD known flag expected …
    C: a3 APPEND INBOX {99999999}
    S: a3 NO [TOOBIG] the literal is too large
    C: a4 APPEND INBOX {0+}
    C:${' '}
    S: a4 NO [CANNOT] a message has at least one octet
    C: a5 APPEND INBOX "31-Feb-1994 21:52:25 -0800" {1+}
    C: x
    S: a5 BAD date-time expected …
    C: a6 APPEND INBOX {99999999+}
    S: a6 NO [TOOBIG] the literal is too large
    S: * BYE …`); // RFC 7889 §4; the octets are under way, so the connection ends
  await client.expectEnd();
});

transcript('APPEND of several messages files all of them or none', async ({ connect }) => { // RFC 3502
  const client = await connect();
  const watcher = await connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 APPEND INBOX (\\Seen) {3}
    S: + go ahead
    C: one " 7-Feb-1994 21:52:25 -0800" {3+}
    C: two (\\Deleted \\Flagged) ~{5+}
    C: three
    S: a1 OK [APPENDUID <validity> 1:3] APPEND completed
    C: a2 APPEND INBOX {4+}
    C: four {0+}
    C:${' '}
    S: a2 NO [CANNOT] a message has at least one octet
    C: a3 APPEND INBOX {4+}
    C: four {4+}
    C: five end
    S: a3 BAD …`);
  await watcher.run(`
    C: w1 NOOP
    S: * 3 EXISTS
    S: w1 OK NOOP completed
    C: w2 FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])
    S: * 1 FETCH (FLAGS (\\Seen) INTERNALDATE "…" BODY[] {3}
    S: one)
    S: * 2 FETCH (FLAGS () INTERNALDATE " 8-Feb-1994 05:52:25 +0000" BODY[] {3}
    S: two)
    S: * 3 FETCH (FLAGS (\\Flagged \\Deleted) INTERNALDATE "…" BODY[] {5}
    S: three)
    S: w2 OK FETCH completed`);
});

transcript('APPEND takes UTF-8 and octets of any value', async ({ connect }) => { // RFC 6855 §4, RFC 3516 §4.4
  const client = await connect('alice', { select: 'Drafts' });
  client.send('a1 APPEND Drafts UTF8 (~{15+}\r\nSubject: grüß)\r\na2 APPEND Drafts ~{3+}\r\n\0\r\n\r\na3 APPEND Drafts UTF8 (~{1+}\r\nx\r\na4 SEARCH CHARSET UTF-8 SUBJECT {6+}\r\nGRÜß\r\n');
  await client.run(`
    S: * 1 EXISTS
    S: a1 OK [APPENDUID <validity> 1] APPEND completed
    S: * 2 EXISTS
    S: a2 OK [APPENDUID <validity> 2] APPEND completed
    S: a3 BAD ) expected …
    S: * SEARCH 1
    S: a4 OK SEARCH completed`);
});

transcript('APPEND puts a message together from pieces of others', async ({ connect }) => { // RFC 4469
  const client = await connect();
  client.send('a1 APPEND Archive {41+}\r\nContent-Type: text/plain\r\n\r\nquoted words.\r\n');
  await client.run('S: a1 OK [APPENDUID <validity> 1] APPEND completed');
  client.send('a2 APPEND Drafts (\\Draft) CATENATE (TEXT {16+}\r\nSubject: new\r\n\r\n URL "/Archive/;UID=1/;SECTION=TEXT/;PARTIAL=0.6" URL "/Archive/;UID=1/;SECTION=1" TEXT {1+}\r\n!)\r\n');
  await client.run(`
    S: a2 OK [APPENDUID <drafts> 1] APPEND completed
    C: a3 SELECT Drafts
    S: …
    S: a3 OK [READ-WRITE] SELECT completed
    C: a4 FETCH 1 (FLAGS BODY.PEEK[])
    S: * 1 FETCH (FLAGS (\\Draft) BODY[] {36}
    S: Subject: new
    S:${' '}
    S: quotedquoted words.!)
    S: a4 OK FETCH completed
    C: a5 APPEND Drafts CATENATE (URL "/Archive/;UID=2")
    S: a5 NO [BADURL /Archive/;UID=2] …
    C: a6 APPEND Drafts CATENATE (URL "/Archive;UIDVALIDITY=1/;UID=1")
    S: a6 NO [BADURL /Archive;UIDVALIDITY=1/;UID=1] …
    C: a7 APPEND Drafts CATENATE (URL "/Archive/;UID=1/;SECTION=7")
    S: a7 NO [BADURL …
    C: a8 APPEND Drafts CATENATE (URL "imap://else.example/Archive/;UID=1")
    S: a8 NO [BADURL …
    C: a9 APPEND Drafts CATENATE (TEXT {1+}
    C: y) CATENATE (URL /Archive/;UID=1/;SECTION=MIME)
    S: a9 NO [BADURL …
    C: c1 APPEND Drafts CATENATE (URL "/a b]/;UID=1")
    S: c1 NO there is no such part …
    C: b1 APPEND Drafts CATENATE ()
    S: b1 BAD …
    C: b2 APPEND Drafts CATENATE (URL "/%41rchive;uidvalidity=<validity>/;uid=1/;section=HEADER.FIELDS%20(x)" TEXT {1+}
    C: y)
    S: * 2 EXISTS
    S: b2 OK [APPENDUID <drafts> 2] APPEND completed`);
});

transcript('APPEND takes pieces of the selected mailbox by UID alone', async ({ connect }) => { // RFC 5092 §7, §11
  const client = await connect();
  client.send('a1 APPEND INBOX {41+}\r\nContent-Type: text/plain\r\n\r\nquoted words.\r\n');
  await client.run(`
    S: a1 OK …
    C: a2 APPEND Drafts CATENATE (URL ";UID=1")
    S: a2 NO [BADURL ;UID=1] …
    C: a3 SELECT INBOX
    S: …
    S: a3 OK …
    C: a4 APPEND Drafts CATENATE (URL ";UID=1/;SECTION=HEADER" URL ";uid=1/;section=1/;partial=7.5" TEXT {2+}
    C: :  URL "/;UID=1/;SECTION=1/;PARTIAL=0.6")
    S: a4 OK [APPENDUID <drafts> 1] APPEND completed
    C: a5 APPEND Drafts CATENATE (URL ";UID=2")
    S: a5 NO [BADURL ;UID=2] …
    C: a6 APPEND Drafts CATENATE (URL "//;UID=1")
    S: a6 NO [BADURL //;UID=1] …
    C: a7 APPEND Drafts CATENATE (URL ";UIDVALIDITY=1/;UID=1")
    S: a7 NO [BADURL …
    C: a8 APPEND Drafts CATENATE (URL ";SECTION=1")
    S: a8 NO [BADURL …
    C: a9 EXAMINE Drafts
    S: …
    S: a9 OK …
    C: b1 FETCH 1 BODY.PEEK[]
    S: * 1 FETCH (BODY[] {41}
    S: Content-Type: text/plain
    S:${' '}
    S: words: quoted)
    S: b1 OK FETCH completed`);
});

transcript('a message put together is no larger than any', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 APPEND INBOX {8+}
    C: 12345678
    S: a1 OK …
    C: a2 APPEND INBOX CATENATE (URL /INBOX/;UID=1 TEXT {3+}
    C: abc)
    S: a2 NO [TOOBIG] the message is too large
    C: a3 APPEND INBOX CATENATE (URL /INBOX/;UID=1 TEXT {2+}
    C: ab)
    S: a3 OK …`);
}, { limits: { maxMessageBytes: 10 } });
