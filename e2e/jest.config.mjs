import base from '../jest.base.mjs';

// Whole journeys over real processes, each with room for a slow machine. Three at a time on two cores, since much of each is waiting; every file has
// directories and ports of its own. A failed one must not hold the run up.
export default {
  ...base, testMatch: ['**/*.test.ts', '**/*.e2e.ts'], testTimeout: 180_000, randomize: false, maxWorkers: 3, testSequencer: '<rootDir>/longest-first.mjs', forceExit: true,
};
