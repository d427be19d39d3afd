import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('ENABLE names what is on from now', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 ENABLE x-unknown condstore IMAP4REV2 utf8=accept
    S: * ENABLED CONDSTORE UTF8=ACCEPT IMAP4rev2
    S: a1 OK ENABLE completed
    C: a2 ENABLE CONDSTORE
    S: * ENABLED
    S: a2 OK ENABLE completed`);
});

transcript('under IMAP4rev2 SELECT, SEARCH and RENAME answer as RFC 9051 has it', async (stage) => {
  await withMessages(stage, 'one', 'two');
  const client = await stage.connect('alice', { enable: 'IMAP4rev2' });
  await client.run(`
    C: a1 SELECT INBOX
    S: * FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)
    S: * OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] flags that are kept
    S: * 2 EXISTS
    S: * OK [UIDVALIDITY <validity>] UIDs are valid
    S: * OK [UIDNEXT 3] next UID
    S: * OK [HIGHESTMODSEQ <modSeq>] highest mod-sequence
    S: * OK [MAILBOXID (inbox)] mailbox id
    S: * LIST (\\HasNoChildren) "/" INBOX
    S: a1 OK [READ-WRITE] SELECT completed
    C: a2 SEARCH ALL
    S: * ESEARCH (TAG "a2") ALL 1:2
    S: a2 OK SEARCH completed
    C: a3 UID SEARCH FROM nobody
    S: * ESEARCH (TAG "a3") UID
    S: a3 OK SEARCH completed
    C: a4 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: a4 OK STORE completed
    C: a5 STATUS INBOX (MESSAGES DELETED DELETED-STORAGE SIZE)
    S: * STATUS INBOX (MESSAGES 2 DELETED 1 DELETED-STORAGE 3 SIZE 6)
    S: a5 OK STATUS completed
    C: a6 CREATE "grün & blau"
    S: a6 OK …
    C: a7 RENAME "grün & blau" "Grün/&AOQ-"
    S: * LIST (\\HasNoChildren) "/" "Grün/&AOQ-" ("OLDNAME" ("grün & blau"))
    S: a7 OK RENAME completed
    C: a8 LIST "" Gr%
    S: * LIST (\\HasChildren) "/" "Grün"
    S: a8 OK LIST completed
    C: a9 FETCH 1 BODY.PEEK[]<0.9223372036854775807>
    S: * 1 FETCH (BODY[]<0> {3}
    S: one)
    S: a9 OK FETCH completed`);
  const other = await stage.connect('alice');
  await other.run(`
    C: b1 LIST "" Gr*
    S: * LIST (\\HasChildren) "/" Gr&APw-n
    S: * LIST (\\HasNoChildren) "/" Gr&APw-n/&-AOQ-
    S: b1 OK LIST completed
    C: b2 SEARCH ALL
    S: b2 BAD …`);
});

transcript('under IMAP4rev2 a name that is spelt otherwise here is told with the spelling of the client', async ({ connect }) => { // RFC 9051 §6.3.9.7
  const client = await connect('alice', { enable: 'IMAP4rev2' });
  await client.run(`
    C: a1 CREATE "gru\u0308n"
    S: * LIST (\\HasNoChildren) "/" "grün" ("OLDNAME" ("gru\u0308n"))
    S: a1 OK …
    C: a2 SELECT "gru\u0308n"
    S: …
    S: * LIST (\\HasNoChildren) "/" "grün" ("OLDNAME" ("gru\u0308n"))
    S: a2 OK …
    C: a3 SELECT "grün"
    S: …
    S: * LIST (\\HasNoChildren) "/" "grün"
    S: a3 OK …`);
});

transcript('under UTF8=ACCEPT names are UTF-8 and no charset is named', async (stage) => { // RFC 6855 §3
  await withMessages(stage, 'Subject: grüße\r\n\r\n');
  const client = await stage.connect('alice', { enable: 'UTF8=ACCEPT', select: 'INBOX' });
  await client.run(`
    C: a1 CREATE "für & wider"
    S: a1 OK …
    C: a2 STATUS "für & wider" (MESSAGES)
    S: * STATUS "für & wider" (MESSAGES 0)
    S: a2 OK STATUS completed
    C: a3 SUBSCRIBE "für & wider"
    S: a3 OK SUBSCRIBE completed
    C: a4 LSUB "" f*
    S: * LSUB () "/" "für & wider"
    S: a4 OK LSUB completed
    C: a5 SEARCH SUBJECT "GRÜ"
    S: * SEARCH 1
    S: a5 OK SEARCH completed
    C: a6 SEARCH CHARSET UTF-8 SUBJECT "GRÜ"
    S: a6 BAD the charset is UTF-8 now`);
});
