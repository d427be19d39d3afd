// Writes what one package's run counted to test-report.json, where tools/test.mjs adds the packages up.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export default class CountReporter {
  constructor(globalConfig) {
    this.path = join(globalConfig.rootDir, 'test-report.json');
  }

  onRunComplete(_contexts, results) {
    writeFileSync(this.path, JSON.stringify({
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    }));
  }
}
