import fc, { type Arbitrary, type Parameters } from 'fast-check';
import { test } from '@jest/globals';

export { fc };

/** A law is up to a hundred tests. Against one that hangs, not against a machine that is busy with other suites. */
const TIMEOUT_MS = 300_000;
/** A value that fails is made smaller until then; what was found is said in any case. */
const SEARCH_MS = 240_000;

/**
 * A law that holds for every value. The seed of a failing run is in its message; `PROPERTY_SEED` runs that one again,
 * `PROPERTY_RUNS` sets how many values are tried.
 */
export function property<T>(name: string, arbitrary: Arbitrary<T>, check: (value: T) => void | Promise<void>, parameters: Parameters<[T]> = {}): void {
  const seed = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
  test(`${name} (seed ${seed})`, async () => {
    const law = fc.asyncProperty(arbitrary, async (value) => { await check(value); });
    const limit = { interruptAfterTimeLimit: SEARCH_MS, markInterruptAsFailure: true };
    await fc.assert(law, { seed, numRuns: Number(process.env['PROPERTY_RUNS'] ?? 100), ...limit, ...parameters });
  }, TIMEOUT_MS);
}
