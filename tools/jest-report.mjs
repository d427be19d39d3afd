// Writes what one package's run came to, and what failed in it, to test-report.json, where tools/test.mjs adds the packages up.
import { writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export default class Report {
  constructor(globalConfig) {
    this.rootDirectory = globalConfig.rootDir;
    this.seed = globalConfig.seed;   // of the order in which tests ran: `jest --seed=…` runs them in that order again
  }

  onRunComplete(_contexts, results) {
    writeFileSync(join(this.rootDirectory, 'test-report.json'), JSON.stringify({
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: results.testResults.flatMap((file) => this.failuresOf(file)),
    }));
  }

  /** A file has an error of its own when it cannot be loaded, and when something throws outside of its tests. */
  failuresOf({ testFilePath, testResults, testExecError }) {
    const where = { file: relative(this.rootDirectory, testFilePath), seed: this.seed };
    const ofTests = testResults.filter(({ status }) => status === 'failed').map(({ fullName, failureMessages }) => ({ ...where, test: fullName, message: failureMessages.join('\n') }));
    return testExecError ? [{ ...where, test: 'the file as a whole', message: testExecError.stack || testExecError.message }, ...ofTests] : ofTests;
  }
}
