import { expect, test } from '@jest/globals';
import { parseAccountId, parseIncomingItemId } from '@paloma/shared-model';
import { encodeCbor, MAX_DELIVERY_BODY_BYTES, MAX_DELIVERY_ITEM_BYTES, MAX_DELIVERY_ITEMS } from '@paloma/sync-protocol';
import { DeliveryBatches, type DeliveryItem } from './delivery-batches.js';
import type { IncomingResult } from './services-api.js';

const itemOf = (number: number, sizeBytes = 1): DeliveryItem =>
  ({ accountId: parseAccountId('a'.repeat(22)), itemId: parseIncomingItemId(String(number).padStart(43, '0')), sealed: new Uint8Array(sizeBytes) });

/** Requests that end when they are told to. */
function batchesUnderTest() {
  const requests: { numbers: number[]; bodyBytes: number; answer: (results: IncomingResult[]) => void }[] = [];
  const batches = new DeliveryBatches((items) => new Promise((answer) => {
    requests.push({ numbers: items.map(({ itemId }) => Number(itemId)), bodyBytes: encodeCbor({ items }).length, answer });
  }));
  return { batches, requests };
}

const stored = (count: number): IncomingResult[] => Array<IncomingResult>(count).fill('stored');

test('an item that comes alone goes at once; what gathers meanwhile goes together, each with its own result', async () => {
  const { batches, requests } = batchesUnderTest();
  const results = [1, 2, 3, 4, 5].map((number) => batches.put(itemOf(number)));
  expect(requests.map(({ numbers }) => numbers)).toEqual([[1]]);
  requests[0]!.answer(['quotaExceeded']);
  expect(await results[0]).toBe('quotaExceeded');
  expect(requests[1]!.numbers).toEqual([2, 3, 4, 5]);
  requests[1]!.answer(['stored', 'notFound', 'outage', 'stored']);
  expect(await Promise.all(results)).toEqual(['quotaExceeded', 'stored', 'notFound', 'outage', 'stored']);
});

test('many do not wait for a request that takes its time', async () => {
  const { batches, requests } = batchesUnderTest();
  for (let number = 0; number < 100; number += 1) void batches.put(itemOf(number));
  expect(requests.map(({ numbers }) => numbers.length)).toEqual([1, 16, 16, 16]);
});

test('an item without an answer is not stored', async () => {
  const { batches, requests } = batchesUnderTest();
  const result = batches.put(itemOf(1));
  requests[0]!.answer([]);
  expect(await result).toBe('outage');
});

test.each([
  ['items', 3 * MAX_DELIVERY_ITEMS, 1],
  ['octets', 3 * MAX_DELIVERY_BODY_BYTES / MAX_DELIVERY_ITEM_BYTES, MAX_DELIVERY_ITEM_BYTES],
])('no request is over a limit, by %s, and none is left', async (_what, count, sizeBytes) => {
  const { batches, requests } = batchesUnderTest();
  const results = Array.from({ length: count }, (_item, number) => batches.put(itemOf(number, sizeBytes)));
  for (let at = 0; at < requests.length; at += 1) {
    const { numbers, bodyBytes, answer } = requests[at]!;
    expect(numbers.length).toBeLessThanOrEqual(MAX_DELIVERY_ITEMS);
    expect(bodyBytes).toBeLessThanOrEqual(MAX_DELIVERY_BODY_BYTES);
    answer(stored(numbers.length));
    await results[numbers.at(-1)!];
    await Promise.resolve();
  }
  expect(await Promise.all(results)).toEqual(stored(count));
  expect(requests.flatMap(({ numbers }) => numbers)).toEqual(Array.from({ length: count }, (_item, number) => number));
});
