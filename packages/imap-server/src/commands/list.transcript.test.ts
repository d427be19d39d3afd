import { transcript } from '../test/transcript.js';

transcript('LIST', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 LIST "" ""
    S: * LIST (\\Noselect) "/" ""
    S: a1 OK LIST completed
    C: a2 LIST "" %
    S: * LIST (\\HasNoChildren) "/" INBOX
    S: * LIST (\\HasNoChildren \\Drafts) "/" Drafts
    S: * LIST (\\HasNoChildren \\Sent) "/" Sent
    S: * LIST (\\HasNoChildren \\Archive) "/" Archive
    S: * LIST (\\HasNoChildren \\Junk) "/" Junk
    S: * LIST (\\HasNoChildren \\Trash) "/" Trash
    S: a2 OK LIST completed
    C: a3 CREATE "a/b c/d"
    S: a3 OK …
    C: a4 LIST a/ %
    S: * LIST (\\HasChildren) "/" "a/b c"
    S: a4 OK LIST completed
    C: a5 SUBSCRIBE "a/b c/d"
    S: a5 OK SUBSCRIBE completed
    C: a6 LIST (SUBSCRIBED) "" a*
    S: * LIST (\\HasNoChildren \\Subscribed) "/" "a/b c/d"
    S: a6 OK LIST completed
    C: a7 LIST (SUBSCRIBED RECURSIVEMATCH) "" ("a" "a/%" nothing)
    S: * LIST (\\HasChildren) "/" a ("CHILDINFO" ("SUBSCRIBED"))
    S: * LIST (\\HasChildren) "/" "a/b c" ("CHILDINFO" ("SUBSCRIBED"))
    S: a7 OK LIST completed
    C: a8 LIST (RECURSIVEMATCH) "" *
    S: a8 BAD SUBSCRIBED with RECURSIVEMATCH expected …
    C: a9 LIST (SPECIAL-USE) "" * RETURN (SUBSCRIBED STATUS (MESSAGES))
    S: * LIST (\\HasNoChildren \\Subscribed \\Drafts) "/" Drafts
    S: * STATUS Drafts (MESSAGES 0)
    S: …
    S: * STATUS Trash (MESSAGES 0)
    S: a9 OK LIST completed
    C: b1 LIST "" inbox
    S: * LIST (\\HasNoChildren) "/" INBOX
    S: b1 OK LIST completed`);
});
