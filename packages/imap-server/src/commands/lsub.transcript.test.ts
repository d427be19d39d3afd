import { transcript } from '../test/transcript.js';

transcript('LSUB shows levels above what is subscribed', async ({ connect }) => { // RFC 3501 §6.3.9
  const client = await connect();
  await client.run(`
    C: a1 CREATE a/b/c
    S: a1 OK …
    C: a2 SUBSCRIBE a/b/c
    S: a2 OK SUBSCRIBE completed
    C: a3 UNSUBSCRIBE Junk
    S: a3 OK UNSUBSCRIBE completed
    C: a4 LSUB "" a/%
    S: * LSUB (\\Noselect) "/" a/b
    S: a4 OK LSUB completed
    C: a5 LSUB "" *
    S: * LSUB () "/" a/b/c
    S: * LSUB () "/" INBOX
    S: * LSUB () "/" Drafts
    S: * LSUB () "/" Sent
    S: * LSUB () "/" Archive
    S: * LSUB () "/" Trash
    S: a5 OK LSUB completed
    C: a6 SUBSCRIBE nowhere
    S: a6 NO [NONEXISTENT] no such mailbox`);
});
