import { parseFingerprint } from '@paloma/shared-model';
import { manualClock } from '@paloma/test-kit';
import { runKeyReviewContract } from '../contract/key-review-contract.js';
import { createMemoryKeyReview } from './memory-key-review.js';

runKeyReviewContract('memory', async () => {
  const address = 'bob@example.net';
  const [known, refused] = [parseFingerprint('AB'.repeat(20)), parseFingerprint('CD'.repeat(20))];
  const keys = createMemoryKeyReview({
    clock: manualClock(),
    keys: [[address, [
      { fingerprint: known, state: 'known', level: 'providerTrust', source: 'wkd', firstSeenAtMs: 1_000 },
      { fingerprint: refused, state: 'refused', level: 'providerTrust', source: null, firstSeenAtMs: null },
    ]]],
  });
  return { keys, address, known, refused };
});
