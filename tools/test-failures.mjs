// What failed, told at the end of `npm test`: the output of all packages is long, and who reads it in part reads its end.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

const MAX_FAILURES = 40;
/** Of one failure's message, and of the log of a package that has no report. */
const MAX_LINES = 30;
const MAX_LINE_CHARS = 300;
/** Lines of a stack that say how the test was called. */
const FOREIGN_FRAME = /^\s+at .*(?:node_modules|node:internal)/;

/** A package without a report did not get as far as its tests: that is one failure. */
export function reportOf(directory) {
  const path = join(directory, 'test-report.json');
  if (existsSync(path)) return JSON.parse(readFileSync(path, 'utf8'));
  return { passed: 0, failed: 1, skipped: 0, failures: [{ test: 'no report: its build or its tests did not come to their end', message: lastLines(lastLog(directory)) }] };
}

/** `failures` with the name of their package each. */
export function formatFailures(failures) {
  const shown = failures.slice(0, MAX_FAILURES).map(({ packageName, file, test, message, seed }) =>
    [`FAILED ${[packageName, file, test, seed === undefined ? '' : `--seed=${seed}`].filter(Boolean).join(' › ')}`, ...firstLines(message).map((line) => `  ${line}`), ''].join('\n'));
  if (failures.length > MAX_FAILURES) shown.push(`and ${failures.length - MAX_FAILURES} more failures`, '');
  return shown.join('\n');
}

function linesOf(text) {
  return stripVTControlCharacters(text).split('\n').map((line) => line.trimEnd().slice(0, MAX_LINE_CHARS)).filter((line) => line !== '' && !FOREIGN_FRAME.test(line));
}

const firstLines = (text) => linesOf(text).slice(0, MAX_LINES);
const lastLines = (text) => linesOf(text).slice(-MAX_LINES).join('\n');

/** Of the task that turbo ran last for the package. */
function lastLog(directory) {
  const logs = join(directory, '.turbo');
  if (!existsSync(logs)) return '';
  const [newest] = readdirSync(logs).map((name) => join(logs, name)).sort((one, other) => statSync(other).mtimeMs - statSync(one).mtimeMs);
  return newest === undefined ? '' : readFileSync(newest, 'utf8');
}
