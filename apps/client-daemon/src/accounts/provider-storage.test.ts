import { expect, test } from '@jest/globals';
import { StoreError } from '@paloma/document-store';
import { manualClock } from '@paloma/test-kit';
import { ProviderStorage } from './provider-storage.js';

test('usage is asked for once a minute, and the last answer holds while the provider is away', async () => {
  const clock = manualClock();
  let answer: number | StoreError = new StoreError('unreachable', 'nobody there');
  let asked = 0;
  const storage = new ProviderStorage({
    info: async () => {
      asked += 1;
      if (answer instanceof StoreError) throw answer;
      return { usedBytes: answer, limits: { quotaBytes: 1000 } } as never;
    },
  }, clock);
  expect(await storage.usage()).toBeNull();
  answer = 300;
  expect(await storage.usage()).toEqual({ usedBytes: 300, limitBytes: 1000 });
  answer = 400;
  expect(await storage.usage()).toEqual({ usedBytes: 300, limitBytes: 1000 });
  clock.advance(61_000);
  expect(await storage.usage()).toEqual({ usedBytes: 400, limitBytes: 1000 });
  answer = new StoreError('unreachable', 'nobody there');
  clock.advance(61_000);
  expect([await storage.usage(), asked]).toEqual([{ usedBytes: 400, limitBytes: 1000 }, 4]);
});
