import type { ThreadId } from '@paloma/shared-model';
import { MAIL } from '../capabilities.js';
import { JmapError } from '../jmap-error.js';
import { accountMethod } from '../method.js';
import { answerGet, GET_ARGUMENTS, requestedIds } from '../standard-methods/get.js';

/** RFC 8621 §3.1. There is no list of all threads, so `ids` cannot be null. */
export const threadGet = accountMethod({
  name: 'Thread/get',
  capability: MAIL,
  arguments: GET_ARGUMENTS,
  async run(arguments_, { mailStore }, context) {
    const ids = requestedIds(arguments_.ids, context);
    if (ids === null) throw new JmapError('requestTooLarge', 'name the threads');
    const state = await mailStore.state('Thread');
    const threads = await mailStore.getThreads(ids as ThreadId[]);
    const records = threads.map(({ threadId, emailIds }) => ({ id: threadId, emailIds }));
    return answerGet(arguments_, { state, records, properties: ['id', 'emailIds'] }, context);
  },
});
