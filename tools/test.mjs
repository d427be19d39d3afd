// `npm test`: installs, builds, checks and tests everything; the last line adds up all packages. The journeys of e2e come last, since they
// need the machine to themselves, and whatever became of the packages: one that fails hides none of them.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { ROOT, install, program, run, toolEnvironment } from './workspace.mjs';

function workspaceDirectories() {
  const listed = execFileSync('npm', ['query', '.workspace'], { cwd: ROOT, env: toolEnvironment(), encoding: 'utf8', shell: process.platform === 'win32' });
  return JSON.parse(listed).filter((workspace) => workspace.scripts?.test).map((workspace) => join(ROOT, workspace.location));
}

/** A package without a report did not get as far as its tests: that is one failure. */
function addReports(directories) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const directory of directories) {
    const path = join(directory, 'test-report.json');
    const report = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { passed: 0, failed: 1, skipped: 0 };
    for (const kind of Object.keys(total)) total[kind] += report[kind];
  }
  return total;
}

/** Three at a time on two cores: a third of what a test does is waiting. */
function turbo(...what) {
  return run('turbo', ['run', ...what, '--concurrency=3', '--continue=dependencies-successful', '--output-logs=new-only', '--log-order=grouped']);
}

program(async () => {
  await install();
  const directories = workspaceDirectories();
  for (const directory of directories) rmSync(join(directory, 'test-report.json'), { force: true });
  const lintCode = await run('npm', ['run', '--silent', 'lint']);
  await turbo('build');   // first, so that no test that is ready holds up the build of one that takes longer; one that fails does so again below
  const packagesCode = await turbo('build', 'test', '--filter=!@paloma/e2e');
  const journeysCode = await turbo('build', 'test', '--filter=@paloma/e2e');
  const total = addReports(directories);
  if (lintCode !== 0) total.failed += 1;
  if ((packagesCode !== 0 || journeysCode !== 0) && total.failed === 0) total.failed = 1;
  process.stdout.write(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped\n`);
  return total.failed === 0 ? 0 : 1;
});
