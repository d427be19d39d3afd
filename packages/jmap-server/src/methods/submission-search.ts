// Filter and sort of EmailSubmission/query, RFC 8621 §7.3.

import { z } from 'zod';
import type { AccountContext } from '../account-context.js';
import type { JsonObject } from '../json.js';
import type { JmapLimits } from '../limits.js';
import { conditionParser } from '../standard-methods/filter-condition.js';
import { matchesFilter, parseFilter } from '../standard-methods/filter.js';
import { comparison, type Comparator } from '../standard-methods/query.js';
import type { IdentifiedRecord } from '../standard-methods/record-history.js';
import { recordsWithThreadIds } from './submission-record.js';

const ids = z.array(z.string()).max(1000);
const submissionCondition = z.strictObject({
  identityIds: ids.optional(),
  emailIds: ids.optional(),
  threadIds: ids.optional(),
  undoStatus: z.enum(['pending', 'final', 'canceled']).optional(),
  before: z.iso.datetime().optional(),
  after: z.iso.datetime().optional(),
});
type SubmissionCondition = z.infer<typeof submissionCondition>;

const text = (record: IdentifiedRecord, name: string): string => String(record[name] ?? '');
const SORT_PROPERTIES = {
  emailId: (record: IdentifiedRecord) => text(record, 'emailId'),
  threadId: (record: IdentifiedRecord) => text(record, 'threadId'),
  sentAt: sendAtMs,
};

interface SubmissionSearch {
  filter?: JsonObject | null | undefined;
  sort?: Comparator[] | null | undefined;
}

/** Ids of the whole result, in order. */
export async function searchSubmissions(account: AccountContext, search: SubmissionSearch, limits: JmapLimits): Promise<string[]> {
  const compare = comparison(search.sort ?? [], SORT_PROPERTIES);
  const filter = search.filter == null ? null : parseFilter(search.filter, conditionParser(submissionCondition), limits.maxFilterDepth);
  const records = await recordsWithThreadIds(await account.account.submissions.submissions(), account);
  const matching = records.filter((record) => filter === null || matchesFilter(filter, (condition) => matchesCondition(record, condition)));
  return matching.toSorted(compare).map(({ id }) => id);
}

function matchesCondition(record: IdentifiedRecord, { identityIds, emailIds, threadIds, undoStatus, before, after }: SubmissionCondition): boolean {
  return (identityIds === undefined || identityIds.includes(text(record, 'identityId')))
    && (emailIds === undefined || emailIds.includes(text(record, 'emailId')))
    && (threadIds === undefined || threadIds.includes(text(record, 'threadId')))
    && (undoStatus === undefined || record['undoStatus'] === undoStatus)
    && (before === undefined || sendAtMs(record) < Date.parse(before))
    && (after === undefined || sendAtMs(record) >= Date.parse(after));
}

function sendAtMs(record: IdentifiedRecord): number {
  return Date.parse(text(record, 'sendAt'));
}
