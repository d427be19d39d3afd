import { transcript } from '../test/transcript.js';

transcript('STATUS counts what the mailbox holds', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 APPEND INBOX (\\Draft) {3+}
    C: one {4+}
    C: four (\\Seen \\Draft) {5+}
    C: seven (\\Seen \\Deleted) {2+}
    C: ab
    S: a1 OK [APPENDUID <validity> 1:4] APPEND completed
    C: a2 STATUS INBOX (MESSAGES UNSEEN RECENT UIDNEXT UIDVALIDITY SIZE DELETED DELETED-STORAGE MAILBOXID APPENDLIMIT)
    S: * STATUS INBOX (MESSAGES 4 UNSEEN 2 RECENT 0 UIDNEXT 5 UIDVALIDITY <validity> SIZE 14 DELETED 1 DELETED-STORAGE 2 MAILBOXID (inbox) APPENDLIMIT 52428800)
    S: a2 OK STATUS completed
    C: a3 STATUS nowhere (MESSAGES)
    S: a3 NO [NONEXISTENT] …
    C: a4 STATUS INBOX (COLOUR)
    S: a4 BAD status item expected …
    C: a5 STATUS INBOX ()
    S: a5 BAD …`);
});
