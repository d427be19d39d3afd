// Filter, sort and tree rules of Mailbox/query, RFC 8621 §2.3.

import { z } from 'zod';
import type { Mailbox } from '@paloma/mail-store/port';
import type { AccountContext } from '../account-context.js';
import type { JsonObject } from '../json.js';
import type { JmapLimits } from '../limits.js';
import { conditionParser } from '../standard-methods/filter-condition.js';
import { matchesFilter, parseFilter } from '../standard-methods/filter.js';
import { comparison, type Comparator } from '../standard-methods/query.js';
import { lastLevel } from './mailbox-record.js';

export const MAILBOX_SEARCH_ARGUMENTS = { sortAsTree: z.boolean().nullish(), filterAsTree: z.boolean().nullish() };

interface MailboxSearch {
  filter?: JsonObject | null | undefined;
  sort?: Comparator[] | null | undefined;
  sortAsTree?: boolean | null | undefined;
  filterAsTree?: boolean | null | undefined;
}

const mailboxCondition = z.strictObject({
  parentId: z.string().nullable().optional(),
  name: z.string().optional(),
  role: z.string().nullable().optional(),
  hasAnyRole: z.boolean().optional(),
  isSubscribed: z.boolean().optional(),
});
type MailboxCondition = z.infer<typeof mailboxCondition>;

const SORT_PROPERTIES = {
  sortOrder: ({ sortOrder }: Mailbox) => sortOrder,
  name: ({ name }: Mailbox) => lastLevel(name).toLowerCase(),
  parentId: ({ parentId }: Mailbox) => parentId ?? '',
};

/** Ids of the whole result, in order. */
export async function searchMailboxes({ mailStore }: AccountContext, search: MailboxSearch, limits: JmapLimits): Promise<string[]> {
  const compare = comparison(search.sort ?? [], SORT_PROPERTIES);
  const isMatch = matcherOf(search.filter, limits);
  const all = (await mailStore.listMailboxes()).toSorted(compare);
  const matching = all.filter(isMatch);
  const kept = search.filterAsTree ? withMatchingAncestors(matching) : matching;
  const ordered = search.sortAsTree ? inTreeOrder(all).filter((mailbox) => kept.includes(mailbox)) : kept;
  return ordered.map(({ mailboxId }) => mailboxId);
}

function matcherOf(filter: JsonObject | null | undefined, limits: JmapLimits): (mailbox: Mailbox) => boolean {
  if (filter == null) return () => true;
  const parsed = parseFilter(filter, conditionParser(mailboxCondition), limits.maxFilterDepth);
  return (mailbox) => matchesFilter(parsed, (condition) => matchesCondition(mailbox, condition));
}

function matchesCondition(mailbox: Mailbox, { parentId, name, role, hasAnyRole, isSubscribed }: MailboxCondition): boolean {
  return (parentId === undefined || mailbox.parentId === parentId)
    && (name === undefined || lastLevel(mailbox.name).toLowerCase().includes(name.toLowerCase()))
    && (role === undefined || mailbox.role === role)
    && (hasAnyRole === undefined || (mailbox.role !== null) === hasAnyRole)
    && (isSubscribed === undefined || mailbox.isSubscribed === isSubscribed);
}

function withMatchingAncestors(matching: readonly Mailbox[]): Mailbox[] {
  const byId = new Map(matching.map((mailbox) => [mailbox.mailboxId, mailbox]));
  const isRooted = ({ parentId }: Mailbox): boolean => {
    if (parentId === null) return true;
    const parent = byId.get(parentId);
    return parent !== undefined && isRooted(parent);
  };
  return matching.filter(isRooted);
}

/** Every mailbox before its children; siblings in the order given. */
function inTreeOrder(mailboxes: readonly Mailbox[]): Mailbox[] {
  const children = Map.groupBy(mailboxes, ({ parentId }) => parentId);
  const withDescendants = (mailbox: Mailbox): Mailbox[] => [mailbox, ...(children.get(mailbox.mailboxId) ?? []).flatMap(withDescendants)];
  return (children.get(null) ?? []).flatMap(withDescendants);
}
