import { transcript } from '../test/transcript.js';

transcript('SELECT tells all that a client needs', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 APPEND INBOX (\\Seen) {1+}
    C: x
    S: a1 OK …
    C: a2 APPEND INBOX ($Later) {1+}
    C: x
    S: a2 OK …
    C: a3 SELECT inbox
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $later)
    S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft $later \\*)] flags that are kept
    S: * 2 EXISTS
    S: * 0 RECENT
    S: * OK [UNSEEN 2] first unseen message
    S: * OK [UIDVALIDITY <uidValidity>] UIDs are valid
    S: * OK [UIDNEXT 3] next UID
    S: * OK [HIGHESTMODSEQ <modSeq>] highest mod-sequence
    S: * OK [MAILBOXID (inbox)] mailbox id
    S: a3 OK [READ-WRITE] SELECT completed
    C: a4 SELECT nowhere
    S: * OK [CLOSED] …
    S: a4 NO [NONEXISTENT] no such mailbox
    C: a5 FETCH 1 FLAGS
    S: a5 BAD not while logged in, or select a mailbox first`); // a failed SELECT leaves none selected
});

transcript('EXAMINE lets nothing be changed', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 APPEND INBOX (\\Deleted) {1+}
    C: x
    S: a1 OK …
    C: a2 EXAMINE INBOX
    S: …
    S: * OK [PERMANENTFLAGS ()] flags that are kept
    S: …
    S: a2 OK [READ-ONLY] EXAMINE completed
    C: a3 STORE 1 +FLAGS (\\Seen)
    S: a3 NO [READ-ONLY] …
    C: a4 EXPUNGE
    S: a4 NO [READ-ONLY] …
    C: a5 MOVE 1 Trash
    S: a5 NO [READ-ONLY] …
    C: a6 FETCH 1 BODY[]
    S: * 1 FETCH (BODY[] {1}
    S: x)
    S: a6 OK FETCH completed
    C: a7 FETCH 1 FLAGS
    S: * 1 FETCH (FLAGS (\\Deleted))
    S: a7 OK FETCH completed
    C: a8 CLOSE
    S: a8 OK CLOSE completed
    C: a9 STATUS INBOX (MESSAGES UNSEEN)
    S: * STATUS INBOX (MESSAGES 1 UNSEEN 1)
    S: a9 OK STATUS completed`);
});

transcript('SELECT with QRESYNC tells what happened since', async ({ connect }) => { // RFC 7162 §3.2.5
  const [client, other] = [await connect('alice', { enable: 'QRESYNC' }), await connect('alice', { select: 'INBOX' })];
  await other.run(`
    C: b1 APPEND INBOX {1+}
    C: x
    S: …
    S: b1 OK …
    C: b2 APPEND INBOX {1+}
    C: x
    S: …
    S: b2 OK …
    C: b3 APPEND INBOX {1+}
    C: x
    S: …
    S: b3 OK …`);
  await client.run(`
    C: a1 SELECT INBOX
    S: …
    S: * OK [UIDVALIDITY <validity>] UIDs are valid
    S: …
    S: * OK [HIGHESTMODSEQ <modSeq>] highest mod-sequence
    S: …
    S: a1 OK [READ-WRITE] SELECT completed
    C: a2 UNSELECT
    S: a2 OK UNSELECT completed`);
  await other.run(`
    C: b4 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: b4 OK STORE completed
    C: b5 STORE 3 +FLAGS.SILENT (\\Flagged)
    S: b5 OK STORE completed
    C: b6 EXPUNGE
    S: * 1 EXPUNGE
    S: b6 OK EXPUNGE completed`);
  await client.run(`
    C: a3 SELECT INBOX (QRESYNC (<validity> <modSeq> 1:3))
    S: …
    S: * VANISHED (EARLIER) 1
    S: * 2 FETCH (UID 3 FLAGS (\\Flagged) MODSEQ (<later>))
    S: a3 OK [READ-WRITE] SELECT completed
    C: a4 UID FETCH 1:* (FLAGS) (CHANGEDSINCE <modSeq> VANISHED)
    S: * VANISHED (EARLIER) 1
    S: * 2 FETCH (UID 3 FLAGS (\\Flagged) MODSEQ (<later>))
    S: a4 OK FETCH completed
    C: a5 SELECT INBOX (QRESYNC (1 <modSeq>))
    S: * OK [CLOSED] …
    S: …
    S: * OK [MAILBOXID (inbox)] mailbox id
    S: a5 OK [READ-WRITE] SELECT completed`); // another UIDVALIDITY: nothing to tell
});

transcript('QRESYNC must be enabled first', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 SELECT INBOX (QRESYNC (1 1))
    S: a1 BAD enable QRESYNC first
    C: a2 ENABLE QRESYNC X-UNKNOWN
    S: * ENABLED QRESYNC
    S: a2 OK ENABLE completed
    C: a3 ENABLE QRESYNC
    S: * ENABLED
    S: a3 OK ENABLE completed
    C: a4 SELECT INBOX (CONDSTORE)
    S: …
    S: a4 OK [READ-WRITE] SELECT completed
    C: a5 SELECT INBOX (QRESYNC (1))
    S: a5 BAD space expected …`);
});
