import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('MOVE tells the new UIDs, then that the messages have left', async (stage) => { // RFC 6851 §4.3
  await withMessages(stage, 'x', 'x', 'x', 'x');
  const [client, resyncing] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX', enable: 'QRESYNC' })];
  await client.run(`
    C: a1 STORE 2 +FLAGS.SILENT (\\Flagged)
    S: a1 OK STORE completed
    C: a2 UID MOVE 2:3 Archive
    S: * OK [COPYUID <archive> 2:3 1:2] moved
    S: * 2 EXPUNGE
    S: * 2 EXPUNGE
    S: a2 OK MOVE completed
    C: a3 MOVE 1 nowhere
    S: a3 NO [TRYCREATE] no such mailbox
    C: a5 MOVE 3 Archive
    S: a5 BAD no message of this number
    C: a6 UID MOVE 99 Archive
    S: a6 OK MOVE completed`);
  await resyncing.run(`
    C: b1 MOVE 4 Trash
    S: * OK [COPYUID <trash> 4 1] moved
    S: * VANISHED 2:4
    S: b1 OK [HIGHESTMODSEQ <after>] MOVE completed
    C: b2 SELECT Archive
    S: …
    S: b2 OK [READ-WRITE] SELECT completed
    C: b3 FETCH 1 FLAGS
    S: * 1 FETCH (FLAGS (\\Flagged))
    S: b3 OK FETCH completed`);
});

transcript('MOVE to the mailbox that is selected gives the messages new UIDs at its end', async (stage) => { // RFC 6851 §3.3
  await withMessages(stage, 'one', 'two', 'three');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 STORE 1 +FLAGS.SILENT (\\Flagged)
    S: a1 OK STORE completed
    C: a2 MOVE 1 INBOX
    S: * OK [COPYUID <inbox> 1 4] moved
    S: * 1 EXPUNGE
    S: * 3 EXISTS
    S: a2 OK MOVE completed
    C: a3 FETCH 1:* (UID FLAGS BODY.PEEK[])
    S: * 1 FETCH (UID 2 FLAGS () BODY[] {3}
    S: two)
    S: * 2 FETCH (UID 3 FLAGS () BODY[] {5}
    S: three)
    S: * 3 FETCH (UID 4 FLAGS (\\Flagged) BODY[] {3}
    S: one)
    S: a3 OK FETCH completed`);
  await other.run(`
    C: b1 NOOP
    S: * 1 EXPUNGE
    S: * 3 EXISTS
    S: b1 OK NOOP completed`);
});
