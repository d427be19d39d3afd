import { z } from 'zod';
import { MAIL } from '../capabilities.js';
import { parseEmailFilter, parseEmailSort } from '../email/email-filter.js';
import { accountMethod } from '../method.js';
import { answerQueryChanges, QUERY_CHANGES_ARGUMENTS } from '../standard-methods/query.js';

/** RFC 8621 §4.5. */
export const emailQueryChanges = accountMethod({
  name: 'Email/queryChanges',
  capability: MAIL,
  arguments: { ...QUERY_CHANGES_ARGUMENTS, collapseThreads: z.boolean().nullish() },
  async run(arguments_, { mailStore }, { limits }) {
    const filter = parseEmailFilter(arguments_.filter, limits.maxFilterDepth);
    const window = { position: 0, limit: 0, collapseThreads: arguments_.collapseThreads ?? false, calculateTotal: arguments_.calculateTotal ?? false };
    const { queryState, total } = await mailStore.query(filter, parseEmailSort(arguments_.sort), window);
    return answerQueryChanges(arguments_.sinceQueryState, queryState, total);
  },
});
