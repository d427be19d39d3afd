import { z } from 'zod';
import type { EmailId } from '@paloma/shared-model';
import type { QueryWindow } from '@paloma/mail-store/port';
import { MAIL } from '../capabilities.js';
import { parseEmailFilter, parseEmailSort } from '../email/email-filter.js';
import { JmapError } from '../jmap-error.js';
import { accountMethod } from '../method.js';
import { effectiveLimit, QUERY_ARGUMENTS, type WindowArguments } from '../standard-methods/query.js';

/** RFC 8621 §4.4. */
export const emailQuery = accountMethod({
  name: 'Email/query',
  capability: MAIL,
  arguments: { ...QUERY_ARGUMENTS, collapseThreads: z.boolean().nullish() },
  async run(arguments_, { mailStore }, { limits }) {
    const filter = parseEmailFilter(arguments_.filter, limits.maxFilterDepth);
    const sort = parseEmailSort(arguments_.sort);
    const { limit, announced } = effectiveLimit(arguments_.limit, limits);
    const window = queryWindow(arguments_, limit, arguments_.collapseThreads ?? false);
    const { emailIds, position, total, queryState, anchorFound } = await mailStore.query(filter, sort, window);
    if (!anchorFound) throw new JmapError('anchorNotFound');
    const totals = total === null ? {} : { total };
    return { queryState, canCalculateChanges: false, position, ids: emailIds, ...totals, ...announced };
  },
});

function queryWindow({ position, anchor, anchorOffset, calculateTotal }: WindowArguments, limit: number, collapseThreads: boolean): QueryWindow {
  const window = { position: position ?? 0, limit, collapseThreads, calculateTotal: calculateTotal ?? false };
  return anchor == null ? window : { ...window, anchor: { emailId: anchor as EmailId, offset: anchorOffset ?? 0 } };
}
