import { transcript } from './test/transcript.js';
import { withMessages } from './test/with-messages.js';

transcript('under UIDONLY no sequence number is told', async (stage) => { // RFC 9586
  await withMessages(stage, 'one', 'two', 'three');
  const [client, other] = [await stage.connect('alice', { enable: 'UIDONLY' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 SELECT INBOX
    S: * FLAGS (…)
    S: * OK [PERMANENTFLAGS …
    S: * 3 EXISTS
    S: * 0 RECENT
    S: * OK [UIDVALIDITY <validity>] UIDs are valid
    S: …
    S: a1 OK [READ-WRITE] SELECT completed
    C: a2 UID FETCH 2:* (FLAGS BODY[])
    S: * 2 UIDFETCH (FLAGS (\\Seen) BODY[] {3}
    S: two)
    S: * 3 UIDFETCH (FLAGS (\\Seen) BODY[] {5}
    S: three)
    S: a2 OK FETCH completed
    C: a3 UID FETCH 1 UID
    S: * 1 UIDFETCH (UID 1)
    S: a3 OK FETCH completed
    C: a4 UID STORE 1 +FLAGS (\\Deleted)
    S: * 1 UIDFETCH (FLAGS (\\Deleted))
    S: a4 OK STORE completed
    C: a5 EXPUNGE
    S: * VANISHED 1
    S: a5 OK EXPUNGE completed
    C: a6 UID SEARCH ALL
    S: * SEARCH 2 3
    S: a6 OK SEARCH completed`);
  await other.run(`
    C: b1 STORE 3 +FLAGS.SILENT (\\Flagged)
    S: * 2 FETCH (FLAGS (\\Seen))
    S: b1 OK …`);
  await client.run(`
    C: a7 NOOP
    S: * 3 UIDFETCH (FLAGS (\\Flagged \\Seen))
    S: a7 OK NOOP completed
    C: a8 ENABLE CONDSTORE
    S: * ENABLED CONDSTORE
    S: a8 OK ENABLE completed
    C: a9 UID STORE 2 +FLAGS.SILENT (\\Answered)
    S: * 2 UIDFETCH (MODSEQ (<modSeq>))
    S: a9 OK STORE completed`);
});

transcript('under UIDONLY none is taken', async (stage) => {
  await withMessages(stage, 'one');
  const client = await stage.connect('alice', { enable: 'UIDONLY QRESYNC', select: 'INBOX' });
  const refused = [
    'FETCH 1 UID', 'STORE 1 FLAGS ()', 'COPY 1 Archive', 'MOVE 1 Archive', 'SEARCH ALL', 'SORT (DATE) UTF-8 ALL', 'THREAD REFERENCES UTF-8 ALL', 'REPLACE 1 INBOX {1+}\r\nx',
    'UID SEARCH 1', 'UID SEARCH OR SEEN NOT (SEEN 1:*)', 'UID SORT (DATE) UTF-8 1', 'UID THREAD REFERENCES UTF-8 1', 'SELECT INBOX (QRESYNC (1 1 (1 1)))',
  ];
  for (const [index, text] of refused.entries()) {
    client.send(`a${index} ${text}\r\n`);
    await client.run(`S: a${index} BAD [UIDREQUIRED] messages have UIDs alone now`);
  }
  await client.run(`
    C: b1 UID SEARCH RETURN (SAVE) ALL
    S: b1 OK SEARCH completed
    C: b2 UID SEARCH RETURN (ALL) $
    S: * ESEARCH (TAG "b2") UID ALL 1
    S: b2 OK SEARCH completed
    C: b3 UID REPLACE 1 INBOX {1+}
    C: x
    S: * OK [APPENDUID <validity> 2] the new message is there
    S: * VANISHED 1
    S: * 1 EXISTS
    S: b3 OK [HIGHESTMODSEQ …] REPLACE completed`);
});
