import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('EXPUNGE, UID EXPUNGE and CLOSE', async (stage) => {
  await withMessages(stage, 'x', 'x', 'x', 'x');
  const [client, resyncing] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX', enable: 'QRESYNC' })];
  await client.run(`
    C: a1 STORE 1:3 +FLAGS.SILENT (\\Deleted)
    S: a1 OK STORE completed
    C: a2 UID EXPUNGE 2:4
    S: * 2 EXPUNGE
    S: * 2 EXPUNGE
    S: a2 OK UID EXPUNGE completed
    C: a3 EXPUNGE
    S: * 1 EXPUNGE
    S: a3 OK EXPUNGE completed
    C: a4 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: a4 OK STORE completed
    C: a5 UNSELECT
    S: a5 OK UNSELECT completed
    C: a6 CLOSE
    S: a6 BAD not while logged in, or select a mailbox first
    C: a7 SELECT INBOX
    S: …
    S: a7 OK [READ-WRITE] SELECT completed
    C: a8 CLOSE
    S: a8 OK CLOSE completed
    C: a9 STATUS INBOX (MESSAGES)
    S: * STATUS INBOX (MESSAGES 0)
    S: a9 OK STATUS completed`);
  await resyncing.run(`
    C: b1 CHECK
    S: * VANISHED 1:4
    S: b1 OK CHECK completed
    C: b2 APPEND INBOX (\\Deleted) {1+}
    C: x
    S: …
    S: b2 OK …
    C: b3 EXPUNGE
    S: * VANISHED 5
    S: b3 OK [HIGHESTMODSEQ <modSeq>] EXPUNGE completed
    C: b4 APPEND INBOX (\\Deleted) {1+}
    C: x
    S: …
    S: b4 OK …
    C: b5 CLOSE
    S: b5 OK [HIGHESTMODSEQ <later>] CLOSE completed`);
});
