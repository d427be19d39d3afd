// Runs jest in the current package; a file that failed is run once more, since whole journeys share a machine with others.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const jest = fileURLToPath(new URL('../node_modules/jest/bin/jest.js', import.meta.url));
const run = (...extra) => spawnSync('node', ['--experimental-vm-modules', jest, '--runInBand', ...process.argv.slice(2), ...extra], { stdio: 'inherit' }).status ?? 1;

process.exitCode = run() === 0 ? 0 : run('--onlyFailures');
