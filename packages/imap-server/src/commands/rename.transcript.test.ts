import { transcript } from '../test/transcript.js';

transcript('RENAME of INBOX moves its messages and leaves it', async ({ connect }) => { // RFC 3501 §6.3.5
  const client = await connect();
  await client.run(`
    C: a1 APPEND INBOX (\\Flagged) {4+}
    C: test
    S: a1 OK …
    C: m1 SETMETADATA INBOX (/shared/comment "mine")
    S: m1 OK …
    C: a2 RENAME INBOX Saved
    S: a2 OK RENAME completed
    C: m2 GETMETADATA INBOX /shared/comment
    S: * METADATA INBOX (/shared/comment {4}
    S: mine)
    S: m2 OK …
    C: m3 GETMETADATA Saved /shared/comment
    S: * METADATA Saved (/shared/comment {4}
    S: mine)
    S: m3 OK …
    C: a3 STATUS INBOX (MESSAGES UIDNEXT)
    S: * STATUS INBOX (MESSAGES 0 UIDNEXT 2)
    S: a3 OK STATUS completed
    C: a4 STATUS Saved (MESSAGES UNSEEN SIZE RECENT APPENDLIMIT)
    S: * STATUS Saved (MESSAGES 1 UNSEEN 1 SIZE 4 RECENT 0 APPENDLIMIT 52428800)
    S: a4 OK STATUS completed
    C: a5 STATUS Saved (SIZES)
    S: a5 BAD status item expected …`);
});
