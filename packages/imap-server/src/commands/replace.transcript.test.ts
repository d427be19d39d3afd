import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('REPLACE files the new message and takes the old one out', async (stage) => { // RFC 8508
  await withMessages(stage, 'one', 'two', 'three');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX', enable: 'QRESYNC' })];
  await client.run(`
    C: a1 REPLACE 2 INBOX (\\Seen) {3+}
    C: new
    S: * OK [APPENDUID <validity> 4] the new message is there
    S: * 2 EXPUNGE
    S: * 3 EXISTS
    S: a1 OK REPLACE completed
    C: a2 UID REPLACE 1 Drafts (\\Draft) CATENATE (URL /INBOX/;UID=1 TEXT {1+}
    C: !)
    S: * OK [APPENDUID <drafts> 1] the new message is there
    S: * 1 EXPUNGE
    S: a2 OK REPLACE completed
    C: a3 UID FETCH 1:* (FLAGS BODY.PEEK[])
    S: * 1 FETCH (UID 3 FLAGS () BODY[] {5}
    S: three)
    S: * 2 FETCH (UID 4 FLAGS (\\Seen) BODY[] {3}
    S: new)
    S: a3 OK FETCH completed`);
  await other.run(`
    C: b1 NOOP
    S: * VANISHED 1:2
    S: * 2 EXISTS
    S: b1 OK NOOP completed
    C: b2 UID REPLACE 3 Drafts {1+}
    C: x
    S: * OK [APPENDUID <drafts> 2] the new message is there
    S: * VANISHED 3
    S: b2 OK [HIGHESTMODSEQ <after>] REPLACE completed`); // RFC 8508 §4.5
});

transcript('REPLACE refuses, and then nothing has changed', async (stage) => {
  await withMessages(stage, 'one', 'two');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await other.run(`
    C: b1 STORE 2 +FLAGS.SILENT (\\Deleted)
    S: b1 OK STORE completed
    C: b2 EXPUNGE
    S: * 2 EXPUNGE
    S: b2 OK EXPUNGE completed`);
  await client.run(`
    C: a1 REPLACE 2 INBOX {1+}
    C: x
    S: * 2 EXPUNGE
    S: a1 NO [EXPUNGEISSUED] …
    C: a2 REPLACE 1 nowhere {1+}
    C: x
    S: a2 NO [TRYCREATE] no such mailbox
    C: a0 REPLACE 2 INBOX {1+}
    C: x
    S: a0 BAD no message of this number
    C: a3 UID REPLACE 2 INBOX {1+}
    C: x
    S: a3 NO [EXPUNGEISSUED] …
    C: a4 REPLACE 1:2 INBOX {1+}
    C: x
    S: a4 BAD …
    C: a5 REPLACE 1 INBOX {1+}
    C: x {1+}
    C: y
    S: a5 BAD …
    C: a6 REPLACE 1 INBOX {0+}
    C:${' '}
    S: a6 NO [CANNOT] …
    C: a7 EXAMINE INBOX
    S: …
    S: a7 OK [READ-ONLY] EXAMINE completed
    C: a8 REPLACE 1 INBOX {1+}
    C: x
    S: a8 NO [READ-ONLY] …
    C: a9 FETCH 1:* UID
    S: * 1 FETCH (UID 1)
    S: a9 OK FETCH completed`);
});
