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
    S: * 1 EXISTS
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $forwarded)
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
