import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('PARTIAL gives a part of a result', async (stage) => { // RFC 9394
  await withMessages(stage, 'a', 'b', 'c', 'd', 'e');
  const client = await stage.connect('alice', { select: 'INBOX' });
  await client.run(`
    C: a1 UID SEARCH RETURN (PARTIAL 2:3) NOT 3
    S: * ESEARCH (TAG "a1") UID PARTIAL (2:3 2,4)
    S: a1 OK SEARCH completed
    C: a2 SEARCH RETURN (COUNT PARTIAL -1:-2) ALL
    S: * ESEARCH (TAG "a2") COUNT 5 PARTIAL (-1:-2 4:5)
    S: a2 OK SEARCH completed
    C: a3 SEARCH RETURN (PARTIAL 9:6) ALL
    S: * ESEARCH (TAG "a3") PARTIAL (6:9 NIL)
    S: a3 OK SEARCH completed
    C: a4 SEARCH RETURN (PARTIAL -4:-900) ALL
    S: * ESEARCH (TAG "a4") PARTIAL (-4:-900 1:2)
    S: a4 OK SEARCH completed
    C: a5 SEARCH RETURN (SAVE MAX PARTIAL 1:2) ALL
    S: * ESEARCH (TAG "a5") MAX 5 PARTIAL (1:2 1:2)
    S: a5 OK SEARCH completed
    C: a6 SEARCH RETURN (ALL) $
    S: * ESEARCH (TAG "a6") ALL 1:2,5
    S: a6 OK SEARCH completed
    C: a7 SEARCH RETURN (ALL PARTIAL 1:2) ALL
    S: a7 BAD PARTIAL without ALL expected …
    C: a8 SEARCH RETURN (PARTIAL 1:-2) ALL
    S: a8 BAD range of results expected …
    C: a9 UID FETCH 2:* (UID) (PARTIAL -1:-2)
    S: * 4 FETCH (UID 4)
    S: * 5 FETCH (UID 5)
    S: a9 OK FETCH completed
    C: b1 UID FETCH 1:* (FLAGS) (PARTIAL 1:1 CHANGEDSINCE 1)
    S: * 1 FETCH (UID 1 FLAGS () MODSEQ (<modSeq>))
    S: b1 OK FETCH completed
    C: b2 FETCH 1:* (FLAGS) (PARTIAL 1:1)
    S: b2 BAD UID FETCH with PARTIAL expected …`);
});

transcript('a search that stays tells how its result changes', async (stage) => { // RFC 5267 §4.3
  await withMessages(stage, 'Subject: b\r\n\r\n', 'Subject: d\r\n\r\n', 'Subject: f\r\n\r\n');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 UID SEARCH RETURN (ALL UPDATE) UNDELETED
    S: * ESEARCH (TAG "a1") UID ALL 1:3
    S: a1 OK SEARCH completed
    C: a2 SORT RETURN (UPDATE CONTEXT COUNT) (REVERSE SUBJECT) UTF-8 ALL
    S: * ESEARCH (TAG "a2") COUNT 3
    S: a2 OK SORT completed
    C: a2 SORT RETURN (UPDATE) (SUBJECT) UTF-8 ALL
    S: a2 BAD …`);
  await other.run(`
    C: b1 STORE 2 +FLAGS.SILENT (\\Deleted)
    S: b1 OK STORE completed
    C: b2 APPEND INBOX {14+}
    C: Subject: e\r
    C:${' '}
    S: * 4 EXISTS
    S: b2 OK …
    C: b3 APPEND INBOX {10+}
    C: Subject: a
    S: * 5 EXISTS
    S: b3 OK …`);
  await client.run(`
    C: a3 FETCH 1 UID
    S: * 1 FETCH (UID 1)
    S: * 2 FETCH (FLAGS (\\Deleted))
    S: * ESEARCH (TAG "a1") UID REMOVEFROM (0 2)
    S: * 5 EXISTS
    S: * ESEARCH (TAG "a1") UID ADDTO (0 4 0 5)
    S: * ESEARCH (TAG "a2") ADDTO (2 4 5 5)
    S: a3 OK FETCH completed
    C: a4 NOOP
    S: a4 OK NOOP completed`);
  await other.run(`
    C: b4 STORE 1,4 +FLAGS.SILENT (\\Deleted)
    S: b4 OK STORE completed
    C: b5 EXPUNGE
    S: * 1 EXPUNGE
    S: * 1 EXPUNGE
    S: * 2 EXPUNGE
    S: b5 OK EXPUNGE completed`);
  await client.run(`
    C: a5 NOOP
    S: * ESEARCH (TAG "a1") UID REMOVEFROM (0 4 0 1)
    S: * ESEARCH (TAG "a2") REMOVEFROM (4 1 3 2 2 4)
    S: * 1 EXPUNGE
    S: * 1 EXPUNGE
    S: * 2 EXPUNGE
    S: a5 OK NOOP completed
    C: a6 CANCELUPDATE "a1" "nothing"
    S: a6 BAD no search of this tag stays
    C: a7 CANCELUPDATE "a1" "a2"
    S: a7 OK CANCELUPDATE completed
    C: a8 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: a8 OK STORE completed`);
});

transcript('what cannot stay is answered and said not to', async (stage) => {
  await withMessages(stage, 'a');
  const client = await stage.connect('alice', { select: 'INBOX' });
  for (const [tag, keys] of [['a1', 'YOUNGER 60'], ['a2', '1'], ['a3', 'OR SEEN NOT UID $']]) {
    client.send(`${tag} SEARCH RETURN (UPDATE COUNT) ${keys}\r\n`);
    await client.run(`
      S: * ESEARCH (TAG "${tag}") COUNT <count${tag}>
      S: * NO [NOUPDATE "${tag}"] …
      S: ${tag} OK SEARCH completed`);
  }
  for (const tag of ['b1', 'b2', 'b3', 'b4', 'b5']) await client.run(`C: ${tag} SEARCH RETURN (UPDATE) ALL\nS: * ESEARCH (TAG "${tag}")\nS: ${tag} OK SEARCH completed`);
  await client.run(`
    C: b6 SEARCH RETURN (UPDATE) ALL
    S: * ESEARCH (TAG "b6")
    S: * NO [NOUPDATE "b6"] …
    S: b6 OK SEARCH completed
    C: b7 SELECT INBOX
    S: …
    S: b7 OK [READ-WRITE] SELECT completed
    C: b8 CANCELUPDATE "b1"
    S: b8 BAD …`);
});
