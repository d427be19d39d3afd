import { transcript } from '../test/transcript.js';

transcript('annotations are set, asked for and taken away', async ({ connect }) => { // RFC 5464
  const [client, other] = [await connect(), await connect()];
  await client.run(`
    C: a1 SETMETADATA INBOX (/shared/Comment "mine" /private/vendor/x/a {3+}
    C: abc /private/vendor/x/b/c "deep")
    S: a1 OK SETMETADATA completed
    C: a2 SETMETADATA "" (/shared/comment "of all")
    S: a2 OK SETMETADATA completed`);
  client.send('a3 SETMETADATA Sent (/private/raw ~{3+}\r\nx\0y)\r\n');
  await client.run('S: a3 OK SETMETADATA completed');
  await other.run(`
    C: b1 GETMETADATA INBOX /SHARED/comment
    S: * METADATA INBOX (/shared/comment {4}
    S: mine)
    S: b1 OK GETMETADATA completed
    C: b2 GETMETADATA "" (/shared/comment /shared/admin)
    S: * METADATA "" (/shared/comment {6}
    S: of all /shared/admin NIL)
    S: b2 OK GETMETADATA completed
    C: b3 GETMETADATA (DEPTH 1) INBOX /private/vendor/x
    S: * METADATA INBOX (/private/vendor/x/a {3}
    S: abc)
    S: b3 OK GETMETADATA completed
    C: b4 GETMETADATA INBOX (DEPTH infinity MAXSIZE 3) (/private /shared)
    S: * METADATA INBOX (/private/vendor/x/a {3}
    S: abc)
    S: b4 OK [METADATA LONGENTRIES 4] GETMETADATA completed
    C: b5 GETMETADATA Sent /private/raw
    S: * METADATA Sent (/private/raw ~{3}
    S: x\0y)
    S: b5 OK GETMETADATA completed
    C: b6 SETMETADATA INBOX (/private/vendor/x/a NIL)
    S: b6 OK SETMETADATA completed
    C: b7 GETMETADATA INBOX /private/vendor/x/a
    S: * METADATA INBOX (/private/vendor/x/a NIL)
    S: b7 OK GETMETADATA completed
    C: b8 LIST "" (INBOX Drafts) RETURN (METADATA (/shared/comment))
    S: * LIST (\\HasNoChildren) "/" INBOX
    S: * METADATA INBOX (/shared/comment {4}
    S: mine)
    S: * LIST (\\HasNoChildren \\Drafts) "/" Drafts
    S: * METADATA Drafts (/shared/comment NIL)
    S: b8 OK LIST completed`);
});

transcript('METADATA refuses', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 GETMETADATA nowhere /shared/comment
    S: a1 NO [NONEXISTENT] …
    C: a2 SETMETADATA nowhere (/shared/comment "x")
    S: a2 NO [NONEXISTENT] …
    C: a3 SETMETADATA INBOX (/shared/comment {8193+}
    C: ${'x'.repeat(8193)})
    S: a3 NO [METADATA MAXSIZE 8192] …
    C: a4 SETMETADATA INBOX (${Array.from({ length: 51 }, (_, index) => `/shared/${index} x`).join(' ').replaceAll(' x', ' "x"')})
    S: a4 NO [METADATA TOOMANY] …
    C: a5 GETMETADATA INBOX /other/comment
    S: a5 BAD entry name expected …
    C: a6 GETMETADATA INBOX /shared//comment
    S: a6 BAD entry name expected …
    C: a7 GETMETADATA INBOX "/shared/*"
    S: a7 BAD entry name expected …
    C: a8 SETMETADATA INBOX (/shared "x")
    S: a8 BAD entry name expected …
    C: a9 GETMETADATA (DEPTH 2) INBOX /shared/x
    S: a9 BAD depth expected …`);
});

transcript('who asks for it hears of annotations that others change', async ({ connect }) => { // RFC 5464 §4.1, RFC 5465 §5.6
  const [client, watcher, other] = [await connect('alice', { enable: 'METADATA' }), await connect(), await connect()];
  await watcher.run(`
    C: w1 NOTIFY SET (inboxes (MailboxMetadataChange)) (personal (ServerMetadataChange))
    S: w1 OK NOTIFY completed`);
  await other.run(`
    C: b1 SETMETADATA INBOX (/shared/comment "x" /private/y "z")
    S: b1 OK SETMETADATA completed
    C: b2 SETMETADATA Sent (/shared/comment "x")
    S: b2 OK SETMETADATA completed`);
  await watcher.run('S: * METADATA INBOX /shared/comment /private/y');
  await other.run(`
    C: b3 SETMETADATA "" (/shared/comment "x")
    S: b3 OK SETMETADATA completed`);
  await watcher.run('S: * METADATA "" /shared/comment');
  await client.run(`
    C: a1 SETMETADATA INBOX (/shared/own "x")
    S: * METADATA INBOX /shared/comment /private/y
    S: * METADATA Sent /shared/comment
    S: * METADATA "" /shared/comment
    S: a1 OK SETMETADATA completed
    C: a2 NOOP
    S: a2 OK NOOP completed`);
});
