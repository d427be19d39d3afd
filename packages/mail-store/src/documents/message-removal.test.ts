import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import type { Scheduler } from '@paloma/document-store';
import { file, fileMany, INBOX } from '../contract/example-message.js';
import { openExampleStore, type ExampleStore } from '../test/example-store.js';
import { MessageRemoval } from './message-removal.js';

const directory = temporaryDirectory();
const MORE_THAN_A_BATCH = 25;
const messagesIn = ({ documents }: ExampleStore): number => documents.list('message').length;
const textsIn = ({ documents }: ExampleStore): number => documents.sql.get<{ texts: number }>('SELECT count(*) AS texts FROM mail_text')!.texts;

/** Runs what it is given when it is told to. */
function manualScheduler(): Scheduler & { waiting: (() => void)[]; runAll(): void } {
  const waiting: (() => void)[] = [];
  return {
    waiting,
    after: (_delayMs, work) => {
      waiting.push(work);
      return () => void waiting.splice(waiting.indexOf(work), 1);
    },
    runAll() {
      for (let next = waiting.shift(); next; next = waiting.shift()) next();
    },
  };
}

test('the message of a destroyed email goes later, with all that is known of it, some at a time', async () => {
  const subject = openExampleStore(directory);
  await fileMany(subject.store, MORE_THAN_A_BATCH);
  const kept = await file(subject.store);
  const emailIds = (await subject.store.openView(INBOX))!.entries.map(({ emailId }) => emailId);
  await subject.store.destroyEmails(emailIds.filter((emailId) => emailId !== kept));
  expect([messagesIn(subject), textsIn(subject)]).toEqual([MORE_THAN_A_BATCH + 1, MORE_THAN_A_BATCH + 1]);
  expect((await subject.store.openView(INBOX))!.entries.map(({ emailId }) => emailId)).toEqual([kept]);

  const scheduler = manualScheduler();
  const removal = new MessageRemoval(subject.documents, scheduler);
  removal.begin();
  removal.begin();
  expect(scheduler.waiting).toHaveLength(1);
  scheduler.runAll();
  expect([messagesIn(subject), textsIn(subject)]).toEqual([1, 1]);
  removal.begin();
  expect(scheduler.waiting).toHaveLength(0);
  subject.close();
});

test('what waits when the store is closed goes after it is opened again, and a copy keeps the message', async () => {
  const subject = openExampleStore(directory);
  const [one, two] = [await file(subject.store), await file(subject.store)];
  const [copy] = await subject.store.copyEmails([two], INBOX);
  await subject.store.destroyEmails([one, two]);
  const again = await subject.reopen();
  expect(messagesIn(again)).toBe(2);
  await again.store.removeMessagesOfDestroyed();
  expect(messagesIn(again)).toBe(1);
  expect(await again.store.loadMessageBytes(copy!.emailId)).not.toBeNull();
  again.close();
});

test('a removal that fails ends nothing, and is tried again with the next email that is destroyed', async () => {
  const subject = openExampleStore(directory);
  const [one, two] = [await file(subject.store), await file(subject.store)];
  await subject.store.destroyEmails([one]);
  subject.documents.transact(({ sql }) => sql.exec(`CREATE TRIGGER full BEFORE DELETE ON mail_removal BEGIN SELECT raise(ABORT, 'the disk is full'); END`));
  const scheduler = manualScheduler();
  const removal = new MessageRemoval(subject.documents, scheduler);
  removal.begin();
  scheduler.runAll();
  expect(messagesIn(subject)).toBe(2);
  subject.documents.transact(({ sql }) => sql.exec('DROP TRIGGER full'));
  await subject.store.destroyEmails([two]);
  removal.begin();
  scheduler.runAll();
  expect(messagesIn(subject)).toBe(0);
  subject.close();
});
