import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('COPY tells the new UIDs', async (stage) => {
  await withMessages(stage, 'x', 'x', 'x');
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 STORE 3 +FLAGS.SILENT (\\Flagged)
    S: a1 OK STORE completed
    C: a2 COPY 1,3 Archive
    S: a2 OK [COPYUID <archive> 1,3 1:2] COPY completed
    C: a3 COPY 1 nowhere
    S: a3 NO [TRYCREATE] no such mailbox
    C: a4 COPY 4 Archive
    S: a4 BAD no message of this number
    C: a5 UID COPY 99 Archive
    S: a5 OK COPY completed
    C: a6 COPY 1 INBOX
    S: * 4 EXISTS
    S: a6 OK [COPYUID <inbox> 1 4] COPY completed
    C: a7 FETCH 1 EMAILID
    S: * 1 FETCH (EMAILID (<content>))
    S: a7 OK FETCH completed
    C: a8 SELECT Archive
    S: …
    S: a8 OK [READ-WRITE] SELECT completed
    C: a9 FETCH 1:2 FLAGS
    S: * 1 FETCH (FLAGS ())
    S: * 2 FETCH (FLAGS (\\Flagged))
    S: a9 OK FETCH completed
    C: b1 FETCH 1 EMAILID
    S: * 1 FETCH (EMAILID (<content>))
    S: b1 OK FETCH completed`);
});
