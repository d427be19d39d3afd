import base from '../jest.base.mjs';

// Whole journeys over real processes: one at a time, each with room for a slow machine. A failed one must not hold the run up.
export default { ...base, testMatch: ['**/*.test.ts', '**/*.e2e.ts'], testTimeout: 180_000, randomize: false, maxWorkers: 1, forceExit: true };
