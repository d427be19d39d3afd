import { describe, expect, test } from '@jest/globals';
import { parseFingerprint, type Fingerprint } from '@paloma/shared-model';
import type { KeyDecision, KeyReview, ReviewedKey } from '../port/index.js';

/** Keys under test: of one address there is a known key that was not compared, and another one that was refused. */
export interface KeyReviewSubject {
  readonly keys: KeyReview;
  readonly address: string;
  readonly known: Fingerprint;
  readonly refused: Fingerprint;
}

const SOMEBODY_ELSES = parseFingerprint('0'.repeat(40));

/** What every implementation of `KeyReview` does. */
export function runKeyReviewContract(name: string, open: () => Promise<KeyReviewSubject>): void {
  const keysOf = async ({ keys, address }: KeyReviewSubject): Promise<readonly ReviewedKey[]> => (await keys.keysOf([address]))[0]!.keys;

  describe(`key review: ${name}`, () => {
    test('the known key is listed first, with the refused one', async () => {
      const subject = await open();
      const { known, refused } = subject;
      expect(await keysOf(subject)).toMatchObject([
        { fingerprint: known, state: 'known', firstSeenAtMs: expect.any(Number), source: expect.any(String) }, { fingerprint: refused, state: 'refused' },
      ]);
    });

    test('an address may be written in any case; of strangers and of what is no address nothing is known', async () => {
      const { keys, address } = await open();
      const asked = [address.toUpperCase(), 'stranger@example.com', 'nobody'];
      const answers = await keys.keysOf(asked);
      expect(answers.map((answer) => [answer.address, answer.keys.length])).toEqual([[asked[0], 2], [asked[1], 0], [asked[2], 0]]);
    });

    test.each<[string, KeyDecision['decision'], 'known' | 'refused', ReviewedKey['level'] | null]>([
      ['the new key is taken', 'takeNew', 'refused', 'knownKey'],
      ['the known key is kept as it was', 'keepKnown', 'known', null],
      ['the known key is verified', 'verify', 'known', 'fingerprint'],
      ['the new key is verified', 'verify', 'refused', 'fingerprint'],
    ])('%s', async (_name, decision, chosen, level) => {
      const subject = await open();
      const [{ level: levelBefore } = { level: null }] = await keysOf(subject);
      expect(await subject.keys.decide(subject.address, { decision, fingerprint: subject[chosen] })).toBe(true);
      expect(await keysOf(subject)).toMatchObject([{ fingerprint: subject[chosen], state: 'known', level: level ?? levelBefore }]);
      expect(await keysOf(subject)).toHaveLength(1);
    });

    test.each<[string, KeyDecision['decision'], 'known' | 'refused' | null]>([
      ['to take the key that is known already', 'takeNew', 'known'],
      ['to keep a key that is not the known one', 'keepKnown', 'refused'],
      ['to take a key that was never shown', 'takeNew', null],
      ['to verify a key that is neither', 'verify', null],
    ])('a decision %s is void', async (_name, decision, chosen) => {
      const subject = await open();
      const [before, state] = [await keysOf(subject), await subject.keys.state()];
      expect(await subject.keys.decide(subject.address, { decision, fingerprint: chosen ? subject[chosen] : SOMEBODY_ELSES })).toBe(false);
      expect(await keysOf(subject)).toEqual(before);
      expect(await subject.keys.state()).toBe(state);
    });

    test('what is decided stays decided, and there is nothing more to keep', async () => {
      const { keys, address, known } = await open();
      await keys.decide(address, { decision: 'keepKnown', fingerprint: known });
      expect(await keys.decide(address, { decision: 'keepKnown', fingerprint: known })).toBe(false);
    });

    test('nothing is decided about strangers and what is no address', async () => {
      const { keys, known } = await open();
      for (const address of ['stranger@example.com', 'nobody', '']) expect(await keys.decide(address, { decision: 'verify', fingerprint: known })).toBe(false);
    });

    test('a decision is told, with a new state', async () => {
      const { keys, address, refused } = await open();
      const state = await keys.state();
      let told = 0;
      const end = keys.subscribe(() => { told += 1; });
      await keys.decide(address, { decision: 'takeNew', fingerprint: refused });
      expect(told).toBeGreaterThan(0);
      expect(await keys.state()).not.toBe(state);
      end();
    });
  });
}
