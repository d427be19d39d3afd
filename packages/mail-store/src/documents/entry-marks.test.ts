import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import type { EmailId, MailboxId } from '@paloma/shared-model';
import type { AppendInput, ViewEntry } from '../port/index.js';
import { ARCHIVE_ID, INBOX_ID } from '../role-mailboxes.js';
import { openExampleStore } from '../test/example-store.js';

const octets = new TextEncoder().encode('Subject: marked\r\n\r\n');
const { store } = openExampleStore(temporaryDirectory());

async function file(mailboxIds: readonly MailboxId[], marks: Pick<AppendInput, 'keywords' | 'isDeleted'> = {}): Promise<EmailId> {
  const outcome = await store.append({ octets, mailboxIds, ...marks });
  if (!outcome.ok) throw new Error(outcome.refusal);
  return outcome.emailId;
}

/** Of both mailboxes. */
async function entries(): Promise<ViewEntry[]> {
  return [...(await store.openView(INBOX_ID))!.entries, ...(await store.openView(ARCHIVE_ID))!.entries];
}

test('emails that are marked together get the mark and a modseq each, in the order in which they were named, and nobody else does', async () => {
  const [first, inBoth, third] = [await file([INBOX_ID]), await file([INBOX_ID, ARCHIVE_ID]), await file([INBOX_ID])];
  const [fourth, deleted, seen] = [await file([INBOX_ID]), await file([INBOX_ID], { isDeleted: true }), await file([INBOX_ID], { keywords: ['$seen'] })];
  const [seventh, eighth, ninth, other] = [await file([INBOX_ID]), await file([INBOX_ID]), await file([INBOX_ID]), await file([INBOX_ID])];
  const [archived, read] = [await file([ARCHIVE_ID]), await file([ARCHIVE_ID])];
  const before = await entries();
  // To be read is more than a mark, and takes its number between those of two neighbours.
  const named = [first, archived, inBoth, third, read, fourth, deleted, seen, seventh, ninth, eighth];
  await store.updateEmails(named.map((emailId) => ({
    emailId, emailKey: before.find((entry) => entry.emailId === emailId)!.emailKey, addKeywords: [emailId === read ? '$seen' : '$flagged'],
  })));
  const after = await entries();
  const found = (emailId: EmailId): ViewEntry[] => after.filter((entry) => entry.emailId === emailId);
  const marked = (keywords: string, isDeleted = false): { keywords: string[]; isDeleted: boolean } => ({ keywords: keywords.split(' '), isDeleted });
  const flagged = [marked('$flagged')];
  expect(named.map((emailId) => found(emailId).map(({ keywords, isDeleted }) => ({ keywords, isDeleted })))).toEqual(
    [flagged, flagged, [...flagged, ...flagged], flagged, [marked('$seen')], flagged, [marked('$flagged', true)], [marked('$flagged $seen')], flagged, flagged, flagged]);
  const modSeqs = named.map((emailId) => found(emailId).map(({ modSeq }) => modSeq));
  const start = modSeqs[0]![0]!;
  expect(start).toBeGreaterThan(Math.max(...before.map(({ modSeq }) => modSeq)));
  expect(modSeqs).toEqual([[start], [start + 1], [start + 2, start + 2], ...[3, 4, 5, 6, 7, 8, 9, 10].map((step) => [start + step])]);
  expect(found(other)).toEqual(before.filter(({ emailId }) => emailId === other));
});
