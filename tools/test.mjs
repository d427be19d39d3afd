// `npm test`: installs, builds, checks and tests everything; at its end stands what failed, and in the last line the sum of all packages. The
// journeys of e2e come last, since they need the machine to themselves, and whatever became of the packages: one that fails hides none of them.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { formatFailures, reportOf } from './test-failures.mjs';
import { ROOT, install, program, run, toolEnvironment } from './workspace.mjs';

function testedWorkspaces() {
  const listed = execFileSync('npm', ['query', '.workspace'], { cwd: ROOT, env: toolEnvironment(), encoding: 'utf8', shell: process.platform === 'win32' });
  return JSON.parse(listed).filter((workspace) => workspace.scripts?.test).map(({ name, location }) => ({ name, directory: join(ROOT, location) }));
}

/** What an earlier run left must not pass for this one's. */
function forgetResults({ directory }) {
  for (const name of ['test-report.json', '.turbo']) rmSync(join(directory, name), { recursive: true, force: true });
}

function addReport(total, { name, directory }) {
  const { failures, ...counts } = reportOf(directory);
  for (const [kind, count] of Object.entries(counts)) total[kind] += count;
  total.failures.push(...failures.map((failure) => ({ packageName: name, ...failure })));
}

function addFailure(total, test, message) {
  total.failed += 1;
  total.failures.push({ packageName: 'npm test', test, message });
}

/** Three at a time on two cores: a third of what a test does is waiting. */
function turbo(task, ...options) {
  return run('turbo', ['run', task, '--concurrency=3', '--continue=dependencies-successful', '--output-logs=new-only', '--log-order=grouped', ...options]);
}

/**
 * Where the values of laws are the same each time, so is the order of the tests in a file: a change is judged by what it changes. Turbo makes
 * builds again for an argument, so the tests run by themselves then, and none is taken from its cache.
 */
function sameOrder() {
  const { PROPERTY_SEED } = process.env;
  return PROPERTY_SEED === undefined ? [] : ['--only', '--force', '--', `--seed=${PROPERTY_SEED}`];
}

program(async () => {
  await install();
  const workspaces = testedWorkspaces();
  for (const workspace of workspaces) forgetResults(workspace);
  let lintOutput = '';
  const lintCode = await run('npm', ['run', '--silent', 'lint'], { quiet: true, onOutput: (text) => { lintOutput += text; } });
  const buildCode = await turbo('build');   // first, so that no test that is ready holds up the build of one that takes longer
  const order = buildCode === 0 ? sameOrder() : [];   // a build that failed fails again below, and leaves its package without a report
  const packagesCode = await turbo('test', '--filter=!@paloma/e2e', ...order);
  const journeysCode = await turbo('test', '--filter=@paloma/e2e', ...order);
  const total = { passed: 0, failed: 0, skipped: 0, failures: [] };
  if (lintCode !== 0) addFailure(total, 'lint', lintOutput);
  for (const workspace of workspaces) addReport(total, workspace);
  if ((buildCode !== 0 || packagesCode !== 0 || journeysCode !== 0) && total.failed === 0) addFailure(total, 'a task of turbo failed, though no test did', '');
  process.stdout.write(`\n${formatFailures(total.failures)}\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0 ? 0 : 1;
});
