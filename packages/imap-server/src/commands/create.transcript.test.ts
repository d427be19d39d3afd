import { transcript } from '../test/transcript.js';

transcript('CREATE, RENAME and DELETE', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 CREATE "Entw&APw-rfe/2026/"
    S: a1 OK [MAILBOXID (<id>)] CREATE completed
    C: a2 CREATE Entw&APw-rfe
    S: a2 NO [ALREADYEXISTS] …
    C: a3 CREATE ""
    S: a3 NO [CANNOT] …
    C: a4 LIST "" "Entw&APw-rfe*"
    S: * LIST (\\HasChildren) "/" Entw&APw-rfe
    S: * LIST (\\HasNoChildren) "/" Entw&APw-rfe/2026
    S: a4 OK LIST completed
    C: a5 RENAME Entw&APw-rfe Alt/Entw&APw-rfe
    S: a5 OK RENAME completed
    C: a6 DELETE Alt
    S: a6 NO [HASCHILDREN] …
    C: a7 DELETE Alt/Entw&APw-rfe/2026
    S: a7 OK DELETE completed
    C: a8 DELETE Alt/Entw&APw-rfe/2026
    S: a8 NO [NONEXISTENT] no such mailbox
    C: a9 DELETE INBOX
    S: a9 NO [NOPERM] …
    C: b1 RENAME Alt Archive
    S: b1 NO [ALREADYEXISTS] …
    C: b2 RENAME nowhere Archive
    S: b2 NO [NONEXISTENT] …
    C: b3 CREATE Mine (USE (\\Drafts))
    S: b3 NO [USEATTR] …
    C: b4 CREATE Mine (USE (\\All))
    S: b4 NO [USEATTR] …
    C: b5 CREATE Mine (USE (\\Important \\Archive))
    S: b5 NO [USEATTR] …
    C: b6 CREATE Mine (USE ())
    S: b6 OK …
    C: b7 CREATE Yours (COLOUR (x))
    S: b7 BAD USE expected …`);
});

transcript('CREATE-SPECIAL-USE', async ({ connect }) => { // RFC 6154 §3, RFC 8457 §3
  const client = await connect();
  await client.run(`
    C: a1 CREATE Urgent (USE (\\important))
    S: a1 OK [MAILBOXID (important)] CREATE completed
    C: a2 LIST (SPECIAL-USE) "" U* RETURN (METADATA (/private/specialuse))
    S: * LIST (\\HasNoChildren \\Important) "/" Urgent
    S: * METADATA Urgent (/private/specialuse {10}
    S: \\Important)
    S: a2 OK LIST completed
    C: a3 CREATE Other (USE (\\Important))
    S: a3 NO [USEATTR] …
    C: a4 LIST "" Other
    S: a4 OK LIST completed
    C: a5 RENAME Urgent Soon
    S: a5 OK RENAME completed
    C: a6 SETMETADATA Sent (/private/specialuse "\\\\Important")
    S: a6 NO [USEATTR] …
    C: a7 DELETE Soon
    S: a7 OK DELETE completed
    C: a8 CREATE Other (USE (\\Important))
    S: a8 OK [MAILBOXID (important)] CREATE completed`);
});
