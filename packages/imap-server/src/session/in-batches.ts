import { setImmediate } from 'node:timers/promises';

/** Messages of one transaction: other sessions have their turn between. */
const BATCH_MESSAGES = 250;

/** What `work` gives for each, some at a time. */
export async function inBatches<Item, Result>(items: readonly Item[], work: (batch: readonly Item[]) => Promise<readonly Result[]>): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += BATCH_MESSAGES) {
    for (const result of await work(items.slice(start, start + BATCH_MESSAGES))) results.push(result);
    await setImmediate();
  }
  return results;
}
