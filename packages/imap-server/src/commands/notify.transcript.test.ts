import { transcript } from '../test/transcript.js';
import { withMessages } from '../test/with-messages.js';

transcript('NOTIFY tells of mailboxes that are not selected', async (stage) => { // RFC 5465 §5
  const [client, other] = [await stage.connect('alice', { enable: 'CONDSTORE' }), await stage.connect('alice')];
  await client.run(`
    C: a1 NOTIFY SET STATUS (mailboxes (Archive Drafts) (MessageNew MessageExpunge FlagChange)) (personal (MailboxName SubscriptionChange))
    S: * STATUS Drafts (MESSAGES 0 UIDNEXT 1 UIDVALIDITY <drafts> UNSEEN 0 HIGHESTMODSEQ <modSeq>)
    S: * STATUS Archive (MESSAGES 0 UIDNEXT 1 UIDVALIDITY <archive> UNSEEN 0 HIGHESTMODSEQ <modSeqOfArchive>)
    S: a1 OK NOTIFY completed`);
  await other.run(`
    C: b1 APPEND Sent {1+}
    C: x
    S: b1 OK …
    C: b2 APPEND Archive {1+}
    C: x
    S: b2 OK …`);
  await client.run('S: * STATUS Archive (MESSAGES 1 UIDNEXT 2 UIDVALIDITY <archive> UNSEEN 1 HIGHESTMODSEQ <later>)');
  await other.run(`
    C: b3 SELECT Archive
    S: …
    S: b3 OK …
    C: b4 STORE 1 FLAGS.SILENT (\\Seen \\Deleted)
    S: b4 OK …`);
  await client.run('S: * STATUS Archive (MESSAGES 1 UIDNEXT 2 UIDVALIDITY <archive> UNSEEN 0 HIGHESTMODSEQ <muchLater>)');
  await other.run(`
    C: b5 CLOSE
    S: b5 OK CLOSE completed
    C: b6 CREATE "a b"
    S: b6 OK …`);
  await client.run(`
    S: * STATUS Archive (MESSAGES 0 UIDNEXT 2 UIDVALIDITY <archive> UNSEEN 0 HIGHESTMODSEQ …)
    S: * LIST (\\HasNoChildren) "/" "a b"`);
  await other.run(`
    C: b7 SUBSCRIBE "a b"
    S: b7 OK …`);
  await client.run('S: * LIST (\\HasNoChildren \\Subscribed) "/" "a b"');
  await other.run(`
    C: b8 RENAME "a b" c
    S: b8 OK …`);
  await client.run('S: * LIST (\\HasNoChildren \\Subscribed) "/" c ("OLDNAME" ("a b"))');
  await other.run(`
    C: b9 DELETE c
    S: b9 OK …`);
  await client.run(`
    S: * LIST (\\NonExistent) "/" c
    C: a2 NOTIFY NONE
    S: a2 OK NOTIFY completed`);
  await other.run(`
    C: c1 CREATE d
    S: c1 OK …`);
  await client.run(`
    C: a3 NOOP
    S: a3 OK NOOP completed`);
});

transcript('NOTIFY tells of a mailbox with its parent, and of a new name once for all that is below', async ({ connect }) => { // RFC 5465 §5.4
  const [client, other] = [await connect(), await connect()];
  await client.run(`
    C: a1 CREATE a/b
    S: a1 OK …
    C: a2 NOTIFY SET (personal (MailboxName SubscriptionChange))
    S: a2 OK NOTIFY completed`);
  await other.run(`
    C: b1 CREATE a/b/c
    S: b1 OK …`);
  await client.run(`
    S: * LIST (\\HasChildren) "/" a/b
    S: * LIST (\\HasNoChildren) "/" a/b/c`);
  await other.run(`
    C: b2 RENAME a x
    S: b2 OK …`);
  await client.run('S: * LIST (\\HasChildren) "/" x ("OLDNAME" (a))');
  await other.run(`
    C: b3 DELETE x/b/c
    S: b3 OK …`);
  await client.run(`
    S: * LIST (\\NonExistent) "/" x/b/c
    S: * LIST (\\HasNoChildren) "/" x/b`);
  // What it does itself it is not told (RFC 5465 §5).
  await client.run(`
    C: a3 CREATE own
    S: a3 OK …
    C: a4 SUBSCRIBE own
    S: a4 OK …
    C: a5 RENAME x y
    S: a5 OK …
    C: a6 DELETE own
    S: a6 OK …
    C: a7 NOOP
    S: a7 OK …`);
});

transcript('NOTIFY does not tell of messages what the client itself has done to them', async (stage) => { // RFC 5465 §5
  await withMessages(stage, 'one', 'two', 'three');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'Archive' })];
  await client.run(`
    C: a1 NOTIFY SET (selected (MessageNew MessageExpunge)) (personal (MessageNew MessageExpunge FlagChange))
    S: a1 OK NOTIFY completed
    C: a2 COPY 1 Archive
    S: a2 OK [COPYUID <archive> 1 1] COPY completed
    C: a3 APPEND Archive {1+}
    C: x
    S: a3 OK [APPENDUID <archive> 2] APPEND completed
    C: a4 MOVE 1 Archive
    S: * OK [COPYUID <archive> 1 3] moved
    S: * 1 EXPUNGE
    S: a4 OK …
    C: a5 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: a5 OK …
    C: a6 CLOSE
    S: a6 OK …`);
  await other.run(`
    C: b1 NOOP
    S: * 3 EXISTS
    S: b1 OK …
    C: b2 STORE 2 +FLAGS.SILENT (\\Seen)
    S: b2 OK …`);
  await client.run('S: * STATUS Archive (MESSAGES 3 UIDNEXT 4 UIDVALIDITY <archive> UNSEEN 2 HIGHESTMODSEQ …)');
});

transcript('NOTIFY tells what others have done beside the client itself, also to its own messages', async (stage) => { // RFC 5465 §5
  await withMessages(stage, 'one', 'two');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'Archive' })];
  await client.run(`
    C: a1 NOTIFY SET (personal (MessageNew MessageExpunge FlagChange))
    S: a1 OK NOTIFY completed
    C: a2 APPEND Archive {1+}
    C: x
    S: a2 OK …`);
  // While the client sends a command nothing is told.
  await client.run('C: a3 COPY 1 {7}\nS: + go ahead');
  await other.run(`
    C: b1 NOOP
    S: * 1 EXISTS
    S: b1 OK …
    C: b2 STORE 1 +FLAGS.SILENT (\\Seen)
    S: b2 OK …`);
  await client.run(`
    C: Archive
    S: * STATUS Archive (MESSAGES 2 UIDNEXT 3 UIDVALIDITY <archive> UNSEEN 1 HIGHESTMODSEQ …)
    S: a3 OK …`);
});

transcript('NOTIFY tells flags before what they change of a search that stays', async (stage) => { // RFC 5465 §5.1
  await withMessages(stage, 'one', 'two', 'three');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 SEARCH RETURN (COUNT UPDATE) UNFLAGGED
    S: * ESEARCH (TAG "a1") COUNT 3
    S: a1 OK SEARCH completed
    C: a2 NOTIFY SET (selected-delayed (MessageNew MessageExpunge FlagChange))
    S: a2 OK NOTIFY completed`);
  await other.run(`
    C: b1 STORE 3 +FLAGS.SILENT (\\Flagged)
    S: b1 OK …`);
  await client.run(`
    S: * 3 FETCH (UID 3 FLAGS (\\Flagged))
    S: * ESEARCH (TAG "a1") REMOVEFROM (0 3)`);
});

transcript('NOTIFY tells of the selected mailbox at once', async (stage) => { // RFC 5465 §6.1
  await withMessages(stage, 'one', 'two');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 NOTIFY SET (selected (MessageNew (UID BODY[TEXT]) MessageExpunge FlagChange))
    S: a1 OK NOTIFY completed`);
  other.send('b1 APPEND INBOX {9+}\r\na: b\r\n\r\nx\r\n');
  await other.run(`
    S: …
    S: b1 OK …
    C: b2 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: b2 OK …`);
  await client.run(`
    S: * 3 EXISTS
    S: * 3 FETCH (UID 3 BODY[TEXT] {1}
    S: x)
    S: * 1 FETCH (UID 1 FLAGS (\\Deleted))`);
  await other.run(`
    C: b3 EXPUNGE
    S: * 1 EXPUNGE
    S: b3 OK …`);
  await client.run('S: * 1 EXPUNGE');
  // What comes while a command is sent is told when it is answered.
  await client.run('C: a2 STATUS {5}\nS: + go ahead');
  await other.run(`
    C: b4 STORE 1 +FLAGS.SILENT (\\Seen)
    S: b4 OK …`);
  await client.run(`
    C: INBOX (MESSAGES)
    S: * STATUS INBOX (MESSAGES 2)
    S: * 1 FETCH (UID 2 FLAGS (\\Seen))
    S: a2 OK STATUS completed`);
});

transcript('NOTIFY with selected-delayed holds expunges back until a command', async (stage) => {
  await withMessages(stage, 'one', 'two');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 NOTIFY SET (selected-delayed (MessageNew MessageExpunge))
    S: a1 OK NOTIFY completed`);
  await other.run(`
    C: b1 STORE 1 +FLAGS.SILENT (\\Deleted)
    S: b1 OK …
    C: b2 EXPUNGE
    S: * 1 EXPUNGE
    S: b2 OK …
    C: b3 APPEND INBOX {1+}
    C: x
    S: …
    S: b3 OK …`);
  await client.run(`
    S: * 3 EXISTS
    C: a2 FETCH 2 UID
    S: * 2 FETCH (UID 2)
    S: a2 OK FETCH completed
    C: a3 NOOP
    S: * 1 EXPUNGE
    S: a3 OK NOOP completed`);
});

transcript('after NOTIFY NONE a client hears only what it does itself', async (stage) => {
  await withMessages(stage, 'one', 'two', 'three');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice', { select: 'INBOX' })];
  await client.run(`
    C: a1 NOTIFY NONE
    S: a1 OK NOTIFY completed`);
  await other.run(`
    C: b1 STORE 1 +FLAGS.SILENT (\\Flagged)
    S: b1 OK …`);
  await client.run(`
    C: a2 NOOP
    S: a2 OK NOOP completed
    C: a3 STORE 3 +FLAGS (\\Deleted)
    S: * 3 FETCH (UID 3 FLAGS (\\Deleted))
    S: a3 OK STORE completed
    C: a4 EXPUNGE
    S: * 1 FETCH (UID 1 FLAGS (\\Flagged))
    S: * 3 EXPUNGE
    S: a4 OK EXPUNGE completed
    C: a5 NOTIFY SET (selected NONE) (inboxes (MessageNew MessageExpunge))
    S: a5 OK NOTIFY completed
    C: a6 NOOP
    S: a6 OK NOOP completed`);
});

transcript('a search that stays tells of what comes in', async (stage) => { // RFC 5465 §7
  await withMessages(stage, 'one');
  const [client, other] = [await stage.connect('alice', { select: 'INBOX' }), await stage.connect('alice')];
  await client.run(`
    C: a1 SEARCH RETURN (COUNT UPDATE (UID BODY[])) ALL
    S: * ESEARCH (TAG "a1") COUNT 1
    S: a1 OK SEARCH completed
    C: a2 NOTIFY SET (selected (MessageNew MessageExpunge))
    S: a2 OK NOTIFY completed`);
  await other.run(`
    C: b1 APPEND INBOX {3+}
    C: two
    S: b1 OK …`);
  await client.run(`
    S: * 2 EXISTS
    S: * ESEARCH (TAG "a1") ADDTO (0 2)
    S: * 2 FETCH (UID 2 BODY[] {3}
    S: two)`);
});

transcript('NOTIFY refuses', async ({ connect }) => {
  const client = await connect();
  await client.run(`
    C: a1 NOTIFY SET (personal (AnnotationChange))
    S: a1 NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange)] …
    C: a2 NOTIFY SET (personal (MessageNew))
    S: a2 BAD MessageNew and MessageExpunge expected …
    C: a3 NOTIFY SET (personal (FlagChange))
    S: a3 BAD …
    C: a4 NOTIFY SET (selected (MailboxName))
    S: a4 BAD message events expected …
    C: a5 NOTIFY SET (selected (MessageNew MessageExpunge)) (selected-delayed NONE)
    S: a5 BAD one group for the selected mailbox expected …
    C: a6 NOTIFY SET (personal (MessageNew (UID) MessageExpunge))
    S: a6 BAD …
    C: a7 NOTIFY SOME
    S: a7 BAD SET or NONE expected …
    C: a8 NOTIFY SET (subtree INBOX NONE) (subscribed (MailboxName))
    S: a8 OK NOTIFY completed
    C: a9 SUBSCRIBE INBOX
    S: a9 OK SUBSCRIBE completed
    C: b1 UNSUBSCRIBE Sent
    S: b1 OK UNSUBSCRIBE completed
    C: b2 RENAME Drafts Entw&APw-rfe
    S: b2 OK RENAME completed`);
});
