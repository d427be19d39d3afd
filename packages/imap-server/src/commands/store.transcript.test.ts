import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('STORE sets, adds and takes away flags', async (stage) => {
  await withMessages(stage, 'x', 'x');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 STORE 1:2 FLAGS (\\Seen Work)
    S: * 1 FETCH (FLAGS (\\Seen work))
    S: * 2 FETCH (FLAGS (\\Seen work))
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft work)
    S: a1 OK STORE completed
    C: a2 STORE 1 +flags \\Deleted
    S: * 1 FETCH (FLAGS (\\Seen work \\Deleted))
    S: a2 OK STORE completed
    C: a3 UID STORE 2 -FLAGS (\\Seen)
    S: * 2 FETCH (UID 2 FLAGS (work))
    S: a3 OK STORE completed
    C: a4 STORE 1 FLAGS ()
    S: * 1 FETCH (FLAGS ())
    S: a4 OK STORE completed
    C: a5 STORE 2 +FLAGS.SILENT (\\Draft)
    S: a5 OK STORE completed
    C: a6 STORE 3 +FLAGS (\\Draft)
    S: a6 BAD no message of this number
    C: a7 STORE 1 +FLAGS (\\Recent)
    S: a7 BAD known flag expected …
    C: a8 UID STORE 99 +FLAGS (\\Draft)
    S: a8 OK STORE completed`);
  await other.run(`
    C: b1 NOOP
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft work)
    S: * 1 FETCH (FLAGS ())
    S: * 2 FETCH (FLAGS ($draft work))
    S: b1 OK NOOP completed`.replace('$draft', '\\Draft'));
});

transcript('STORE with UNCHANGEDSINCE passes over what others changed', async (stage) => { // RFC 7162 §3.1.3
  await withMessages(stage, 'x', 'x');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 FETCH 1:2 MODSEQ
    S: * 1 FETCH (MODSEQ (<first>))
    S: * 2 FETCH (MODSEQ (<second>))
    S: a1 OK FETCH completed`);
  await other.run(`
    C: b1 STORE 1 +FLAGS.SILENT ($phone)
    S: …
    S: b1 OK STORE completed`);
  await client.run(`
    C: a2 STORE 1:2 (UNCHANGEDSINCE <second>) +FLAGS.SILENT (\\Seen)
    S: * 2 FETCH (UID 2 MODSEQ (<later>))
    S: * FLAGS …
    S: * 1 FETCH (UID 1 FLAGS ($phone) MODSEQ (<changed>))
    S: a2 OK [MODIFIED 1] conditional STORE passed over some messages
    C: a3 UID STORE 1 (UNCHANGEDSINCE 0) +FLAGS (\\Seen)
    S: a3 OK [MODIFIED 1] …`);
});
