// Documents that another device wrote: they come in any order, some not at all.

import { describe, expect, test } from '@jest/globals';
import { fc, property, seededRandom, temporaryDirectory } from '@paloma/test-kit';
import { sealBlob } from '@paloma/crypto/secret';
import type { BlobId, EmailId, MailboxId } from '@paloma/shared-model';
import type { BlobSource, LocalDocumentStore } from '@paloma/document-store';
import { ARCHIVE, createMailbox, file, INBOX, messageOctets, SENT, TRASH, uidsIn } from '../contract/example-message.js';
import type { MailStore, QueryWindow } from '../port/index.js';
import { EXAMPLE_ACCOUNT, openExampleStore, type ExampleStore } from '../test/example-store.js';
import { without } from '../test/without.js';
import { MAIL_BLOBS } from './blob-references.js';
import { mailProjections } from './index.js';
import { repairAfterSync } from './repair-after-sync.js';

type BlobItem = Awaited<ReturnType<BlobSource['downloadBlobs']>>[number];
type DocumentRow = ReturnType<LocalDocumentStore['documents']['listOfType']>[number];

const directory = temporaryDirectory();
const WHOLE: QueryWindow = { position: 0, limit: null, collapseThreads: false, calculateTotal: true };
const TYPES = ['mailbox', 'message', 'email', 'message-content'] as const;

async function onTwoDevices(check: (here: ExampleStore, there: ExampleStore) => Promise<void>): Promise<void> {
  const [here, there] = [openExampleStore(directory, 'here'), openExampleStore(directory, 'there')];
  try {
    await check(here, there);
  } finally {
    here.close();
    there.close();
  }
}

const rowsOf = ({ documents }: ExampleStore): DocumentRow[] => TYPES.flatMap((type) => documents.documents.listOfType(type));

/** Each document in a commit of its own, as if it came from the provider. */
function receive({ documents }: ExampleStore, rows: readonly DocumentRow[]): void {
  for (const row of rows) documents.commit((commit) => commit.receive({ ...row, baseRevision: null, dirtySequence: null }));
}

function receiveDeletion(store: ExampleStore, from: ExampleStore, documentId: string): void {
  const row = from.documents.documents.find(documentId as never);
  if (row) receive(store, [row]);
}

async function found(store: MailStore, text: string): Promise<EmailId[]> {
  return (await store.query({ text }, [], WHOLE)).emailIds;
}

describe('documents of another device', () => {
  property('in whatever order they come, the same mail is there in the end', fc.infiniteStream(fc.nat()), async (stream) => {
    await onTwoDevices(async (here, there) => {
      const mailboxId = await createMailbox(there.store, 'A/B');
      const first = await file(there.store, { messageId: 'a', subject: 'Roses', body: 'red ones' }, { keywords: ['$seen'] });
      await file(there.store, { messageId: 'b', references: 'a', subject: 'Re: Roses', body: 'white ones' }, { mailboxIds: [mailboxId, INBOX] });
      await there.store.copyEmails([first], mailboxId);
      const keys = stream[Symbol.iterator]();
      const shuffled = rowsOf(there).map((row) => ({ row, key: Number(keys.next().value) })).sort((a, b) => a.key - b.key);
      receive(here, shuffled.map(({ row }) => row));
      expect(await summaryOf(here.store)).toEqual(await summaryOf(there.store));
    });
  }, { numRuns: 20 });

  test('a subscriber hears of them', () => onTwoDevices(async (here, there) => {
    await file(there.store);
    const heard: string[] = [];
    here.store.subscribe(({ mailboxIds, states }) => heard.push([...mailboxIds, ...states].join(' ')));
    receive(here, rowsOf(there).filter(({ type }) => type !== 'mailbox'));
    expect(heard).toEqual(['inbox Mailbox Email Thread']);
  }));

  test('a message whose content is not here yet can be found by its header and not be read', () => onTwoDevices(async (here, there) => {
    const emailId = await file(there.store, { subject: 'Roses', contentType: 'multipart/mixed; boundary=b', body: '--b\r\nContent-Type: text/plain\r\n\r\nred ones\r\n--b--\r\n' });
    const rows = rowsOf(there);
    receive(here, rows.filter(({ type }) => type !== 'message-content'));
    const keys = (await here.store.openView(INBOX))!.entries.map(({ messageKey }) => messageKey);
    const structureHere = async () => (await here.store.describeMessages(keys, { envelope: false, bodyStructure: true, listFields: false }))[0]?.bodyStructure;
    await expect(here.store.loadMessageBytes(emailId)).rejects.toMatchObject({ code: 'contentUnavailable' });
    expect([(await here.store.getMessagesAtHand(keys, { withBody: true })).size, await structureHere()]).toEqual([0, null]);
    expect([await found(here.store, 'roses'), await found(here.store, 'red ones')]).toEqual([[emailId], []]);
    receive(here, rows.filter(({ type }) => type === 'message-content'));
    expect([await found(here.store, 'red ones'), await here.store.loadMessageBytes(emailId)]).toEqual([[emailId], await there.store.loadMessageBytes(emailId)]);
    expect([(await here.store.getMessagesAtHand(keys, { withBody: true })).size, await structureHere()]).toEqual([1, expect.stringContaining('"plain"')]);
  }));

  test('the index of texts is made bit by bit, and goes on where it was when the store is opened again', () => onTwoDevices(async (here, there) => {
    for (let count = 0; count < 250; count += 1) await file(there.store, { subject: `Roses ${count}` });
    const waiting = ({ documents }: ExampleStore): number => documents.sql.all('SELECT message_id FROM mail_text_waiting').length;
    const indexed = ({ documents }: ExampleStore): unknown[] => documents.sql.all('SELECT rowid, subject FROM mail_text ORDER BY rowid');
    const rows = rowsOf(there);
    receive(here, rows.slice(1));
    await new Promise((resolve) => setImmediate(resolve));
    receive(here, rows.slice(0, 1)); // a first batch, at once
    const [left, made] = [waiting(here), indexed(here)];
    expect([left > 0, made.length > 0, left + made.length]).toEqual([true, true, 250]);

    const again = await here.reopen();
    expect(indexed(again).slice(0, made.length)).toEqual(made);
    expect(waiting(again)).toBeLessThanOrEqual(left);
    expect(await found(again.store, 'roses')).toHaveLength(250);
    expect(waiting(again)).toBe(0);
    again.close();
  }));

  test('one incoming item filed on two devices is one email', () => onTwoDevices(async (here, there) => {
    const input = { octets: messageOctets(), mailboxIds: [INBOX], source: { sourceId: 'i'.repeat(43), asReceived: messageOctets({ subject: 'sealed' }) } };
    const [one, two] = [await here.store.append(input), await there.store.append(input)];
    expect(one).toEqual(two);
    const { emailId } = one as { emailId: EmailId };
    const { messageId } = here.documents.get('email', emailId)!.content;
    expect(here.documents.get('message', messageId)?.content).toEqual(there.documents.get('message', messageId)?.content);
  }));

  test('mailboxes of one name are told apart by a number', () => onTwoDevices(async (here, there) => {
    await createMailbox(there.store, 'Garden');
    await createMailbox(here.store, 'Garden');
    receive(here, rowsOf(there));
    expect((await here.store.listMailboxes()).flatMap(({ role, name }) => (role ? [] : name))).toEqual(['Garden', 'Garden (2)']);
  }));
});

describe('repair after a sync', () => {
  test('mail filed into a mailbox that was destroyed elsewhere goes to the archive', () => onTwoDevices(async (here, there) => {
    const mailboxId = await createMailbox(there.store, 'Garden');
    receive(here, rowsOf(there));
    const emailId = await file(here.store, {}, { mailboxIds: [mailboxId] });
    await there.store.destroyMailbox(mailboxId, { removeEmails: true });
    receiveDeletion(here, there, `mailbox:${mailboxId}`);
    expect(await here.store.getEmails([emailId])).toEqual([]);
    repairAfterSync(here.documents, here.clock);
    expect((await here.store.getEmails([emailId]))[0]?.mailboxIds).toEqual([ARCHIVE]);
  }));

  test('mail that waits for its mailbox or its message is left alone', () => onTwoDevices(async (here, there) => {
    const emailId = await file(there.store, {}, { mailboxIds: [await createMailbox(there.store, 'Garden')] });
    receive(here, rowsOf(there).filter(({ type }) => type === 'email'));
    repairAfterSync(here.documents, here.clock);
    receive(here, rowsOf(there).filter(({ type }) => type !== 'email'));
    expect(await here.store.getEmails([emailId])).toHaveLength(1);
  }));

  test('an email that is also in a mailbox that is not here is marked, taken out where it is seen, and there when the mailbox comes', () => onTwoDevices(async (here, there) => {
    const garden = await createMailbox(there.store, 'Garden');
    const [marked, moved] = [await file(there.store, {}, { mailboxIds: [INBOX, garden] }), await file(there.store, {}, { mailboxIds: [INBOX, garden] })];
    await there.store.updateEmails([{ emailId: marked, setDeleted: { mailboxId: garden, isDeleted: true } }]);
    receive(here, rowsOf(there).filter(({ documentId }) => documentId !== `mailbox:${garden}`));
    await here.store.updateEmails([{ emailId: marked, addKeywords: ['x'] }, { emailId: moved, removeMailboxIds: [INBOX] }]);
    await here.store.updateEmails([{ emailId: marked, addKeywords: ['y'] }]);
    expect(await uidsIn(here.store, INBOX)).toEqual([[1, marked]]);
    receive(here, rowsOf(there).filter(({ documentId }) => documentId === `mailbox:${garden}`));
    expect((await here.store.openView(garden))?.entries.map(({ emailId, keywords, isDeleted }) => [emailId, keywords, isDeleted]).sort()).toEqual([[marked, ['x', 'y'], true], [moved, [], false]].sort());
    expect((await here.store.openView(INBOX))?.entries).toMatchObject([{ emailId: marked, keywords: ['x', 'y'], isDeleted: false }]);
    expect((await here.store.getEmails([marked]))[0]?.mailboxIds.toSorted()).toEqual([INBOX, garden].toSorted());
  }));

  test('an email that went in or out of a mailbox that is not here is there or not when it comes', () => onTwoDevices(async (here, there) => {
    const garden = await createMailbox(there.store, 'Garden');
    const [added, left] = [await file(there.store), await file(there.store, {}, { mailboxIds: [INBOX, garden] })];
    const receiveWithoutGarden = (types: readonly string[]): void => receive(here, rowsOf(there).filter(({ documentId, type }) => documentId !== `mailbox:${garden}` && types.includes(type)));
    receiveWithoutGarden(TYPES);
    await there.store.updateEmails([{ emailId: added, addMailboxIds: [garden] }, { emailId: left, removeMailboxIds: [garden] }]);
    receiveWithoutGarden(['email']);
    receive(here, rowsOf(there).filter(({ documentId }) => documentId === `mailbox:${garden}`));
    expect((await here.store.openView(garden))?.entries.map(({ emailId }) => emailId)).toEqual([added]);
    expect((await here.store.openView(INBOX))?.entries.map(({ emailId }) => emailId)).toEqual([added, left]);
  }));

  test('an email that two devices together took out of every mailbox is destroyed', () => onTwoDevices(async (here) => {
    const emailId = await file(here.store, {}, { mailboxIds: [INBOX, SENT] });
    here.documents.transact((transaction) => {
      const email = transaction.get('email', emailId)!.content;
      const marks = Object.entries(email.mailboxes).map(([mailboxId, mark]) => [mailboxId, { ...mark, isMember: false }]);
      transaction.put('email', emailId, { ...email, mailboxes: Object.fromEntries(marks) });
    });
    repairAfterSync(here.documents, here.clock);
    await here.store.removeMessagesOfDestroyed();
    expect(TYPES.slice(1).flatMap((type) => here.documents.list(type))).toEqual([]);
  }));

  test('a parent that is missing is made, and a second repair finds nothing to do', () => onTwoDevices(async (here) => {
    here.documents.transact((transaction) => transaction.put('mailbox', 'Bx', { mailboxId: 'Bx', name: 'A/B/C', role: null, isSubscribed: false, sortOrder: 0, createdAtMs: 1 }));
    repairAfterSync(here.documents, here.clock);
    const names = (await here.store.listMailboxes()).flatMap(({ role, name }) => (role ? [] : name));
    expect(names).toEqual(['A', 'A/B', 'A/B/C']);
    const state = await here.store.state('Mailbox');
    repairAfterSync(here.documents, here.clock);
    expect(await here.store.state('Mailbox')).toBe(state);
  }));
});

describe('blobs', () => {
  const attachment = (name: string): string => `--cut\r\nContent-Type: image/png; name=${name}\r\n\r\n${'0123456789'.repeat(5000)}\r\n--cut--\r\n`;
  const withAttachment = { contentType: 'multipart/mixed; boundary=cut', body: attachment('a.png') };
  const blobOf = ({ documents }: ExampleStore): string => (documents.list('message')[0]!.content.content.find(({ kind }) => kind === 'blob') as { blobId: string }).blobId;

  test('one attachment of two messages goes with the last of them', () => onTwoDevices(async (here) => {
    const [one, two] = [await file(here.store, withAttachment), await file(here.store, { ...withAttachment, subject: 'Fwd' })];
    const blobId = blobOf(here) as never;
    await here.store.destroyEmails([one]);
    await here.store.removeMessagesOfDestroyed();
    expect(await here.documents.getBlob(MAIL_BLOBS, blobId)).toHaveLength(50_000);
    await here.store.updateEmails([{ emailId: two, addMailboxIds: [TRASH], removeMailboxIds: [INBOX] }]);
    await here.store.destroyEmails([two]);
    await here.store.removeMessagesOfDestroyed();
    await expect(here.documents.getBlob(MAIL_BLOBS, blobId)).rejects.toMatchObject({ code: 'blobUnavailable' });
  }));

  test('they go here too when the last message is destroyed elsewhere', () => onTwoDevices(async (here, there) => {
    const emailId = await file(there.store, withAttachment);
    const messageId = there.documents.list('message')[0]!.content.messageId;
    const blobId = here.documents.putBlob(MAIL_BLOBS, await there.documents.getBlob(MAIL_BLOBS, blobOf(there) as never));
    receive(here, rowsOf(there));
    await there.store.destroyEmails([emailId]);
    await there.store.removeMessagesOfDestroyed();
    for (const documentId of [`email:${emailId}`, `message:${messageId}`]) receiveDeletion(here, there, documentId);
    await expect(here.documents.getBlob(MAIL_BLOBS, blobId)).rejects.toMatchObject({ code: 'blobUnavailable' });
  }));

  test('a large text is searched where it is, and once it has been read', () => onTwoDevices(async (here, there) => {
    const emailId = await file(there.store, { body: `${'dove '.repeat(10_000)}roses in a blob\r\n` });
    receive(here, rowsOf(there));
    expect([await found(there.store, 'roses in'), await found(here.store, 'roses in')]).toEqual([[emailId], []]);
    useBlobsOf(here, there);
    await here.store.loadMessageBytes(emailId);
    expect(await found(here.store, 'roses in')).toEqual([emailId]);
    const rebuilt = mailProjections.map((projection) => (projection.name === 'mail-text' ? { ...projection, version: projection.version + 1 } : projection));
    const again = await there.reopen(rebuilt);
    expect(await found(again.store, 'roses in')).toEqual([emailId]);
    again.close();
  }));

  test('those of one message are fetched together', () => onTwoDevices(async (here, there) => {
    const parts = ['a', 'b', 'c'].map((name) => `--cut\r\nContent-Type: image/png; name=${name}.png\r\n\r\n${name.repeat(50_000)}\r\n`);
    const emailId = await file(there.store, { contentType: 'multipart/mixed; boundary=cut', body: `${parts.join('')}--cut--\r\n` });
    receive(here, rowsOf(there));
    const blobs: string[] = [];
    let answerAll = (): void => {};
    const allAsked = new Promise<void>((resolve) => { answerAll = resolve; });
    useBlobsOf(here, there, async (blobId) => {
      if (blobs.push(blobId) === parts.length) answerAll();
      await allAsked;
    });
    expect(await here.store.loadMessageBytes(emailId)).toEqual(await there.store.loadMessageBytes(emailId));
    expect(new Set(blobs).size).toBe(3);
  }));

  test('a range of the text does not ask for the attachment', () => onTwoDevices(async (here, there) => {
    const emailId = await file(there.store, withAttachment);
    receive(here, rowsOf(there));
    const octets = (await there.store.loadMessageBytes(emailId))!;
    expect(await here.store.loadMessageBytes(emailId, { offset: 0, length: 80 })).toEqual(octets.slice(0, 80));
    await expect(here.store.loadMessageBytes(emailId, { offset: 0, length: 1000 })).rejects.toMatchObject({ code: 'contentUnavailable' });
  }));
});

/** What one has, the other one can fetch. `asked`: before the answer. */
function useBlobsOf(here: ExampleStore, there: ExampleStore, asked: (blobId: BlobId) => Promise<void> = async () => {}): void {
  const sealedOf = async (blobId: BlobId): Promise<Uint8Array> => {
    await asked(blobId);
    const octets = await there.documents.getBlob(MAIL_BLOBS, blobId);
    return sealBlob({ keys: there.documents.keys, accountId: EXAMPLE_ACCOUNT, namespace: MAIL_BLOBS, blobId, octets }, seededRandom(blobId)).sealed;
  };
  here.documents.useBlobSource({
    fetchBlobPart: async (_namespace, blobId) => {
      const octets = await sealedOf(blobId);
      return { octets, totalBytes: octets.length };
    },
    downloadBlobs: async (_namespace, blobIds) => Promise.all(blobIds.map(async (id) => ({ id, sealed: await sealedOf(id) }) as BlobItem)),
  });
}

async function summaryOf(store: MailStore): Promise<unknown> {
  const mailboxes = await store.listMailboxes();
  const emailIds = (await store.query(null, [], WHOLE)).emailIds.sort();
  const emails = await store.getEmails(emailIds);
  return {
    mailboxes: mailboxes.map((mailbox) => without(mailbox, 'uidValidity', 'highestModSeq')),
    emails: emails.map((email) => ({ ...without(email, 'modSeq', 'threadId'), mailboxIds: [...email.mailboxIds].sort() })),
    views: await Promise.all(mailboxes.map(async ({ mailboxId }) => (await uidsIn(store, mailboxId as MailboxId)).map(([, emailId]) => emailId).sort())),
    threads: (await store.getThreads(emails.map(({ threadId }) => threadId))).map((thread) => [...thread.emailIds].sort()),
    found: [(await found(store, 'white ones')).sort(), (await found(store, 'roses')).sort()],
  };
}
