import { transcript } from '../test/transcript.js';

transcript('RENAME of INBOX moves its messages and leaves it', async ({ connect }) => { // RFC 3501 §6.3.5
  const client = await connect();
  await client.run(`
    C: a1 APPEND INBOX (\\Flagged) {4+}
    C: test
    S: a1 OK …
    C: a2 RENAME INBOX Saved
    S: a2 OK RENAME completed
    C: a3 STATUS INBOX (MESSAGES UIDNEXT)
    S: * STATUS INBOX (MESSAGES 0 UIDNEXT 2)
    S: a3 OK STATUS completed
    C: a4 STATUS Saved (MESSAGES UNSEEN SIZE RECENT APPENDLIMIT)
    S: * STATUS Saved (MESSAGES 1 UNSEEN 1 SIZE 4 RECENT 0 APPENDLIMIT 52428800)
    S: a4 OK STATUS completed
    C: a5 STATUS Saved (SIZES)
    S: a5 BAD status item expected …`);
});
