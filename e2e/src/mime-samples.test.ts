// `npm run mime-samples` over a folder of messages: approved once, the same afterwards, and a table of what differs.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'paloma-mime-samples-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; lines: string[]; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'tools/mime-samples.mjs'), ...args], { encoding: 'utf8' });
  return { status, lines: stdout.trimEnd().split('\n'), stderr };
}

test('what was approved is held against what is read now', () => {
  const corpus = join(ROOT, 'packages/mail-format/src/__golden__');
  const names = readdirSync(corpus).filter((name) => name.endsWith('.eml')).sort();
  for (const name of names) cpSync(join(corpus, name), join(directory, name));
  const verdicts = (lines: string[]): string[] => lines.slice(0, -1).map((line) => line.split(/ +/)[1]!);

  const first = run(directory);
  expect([first.status, first.stderr, first.lines.at(-1)]).toEqual([0, '', `${names.length} messages, 0 to look at.`]);
  expect(new Set(verdicts(first.lines))).toEqual(new Set(['new']));
  expect(new Set(verdicts(run(directory).lines))).toEqual(new Set(['same']));

  const reading = join(directory, 'readings', `${names[0]}.json`);
  const approved = JSON.parse(readFileSync(reading, 'utf8')) as { text: string[]; structure: string[] };
  writeFileSync(reading, JSON.stringify({ ...approved, text: ['as it was read before', ...approved.text.slice(1)] }));
  const changed = run(directory);
  expect([changed.status, changed.lines.at(-1)]).toEqual([1, `${names.length} messages, 1 to look at.`]);
  expect(changed.lines[0]).toMatch(/DIFFERS +\d+ parts {2}text$/);
  expect(changed.lines[1]).toMatch(/^ {2}text, line 1: {2}"as it was read before" {2}→ {2}"/);
  expect(verdicts(run(directory, '--update').lines.filter((line) => !line.startsWith('  ')))).toContain('updated');
  expect(run(directory).status).toBe(0);
});

test('without a folder it says how it is used', () => {
  expect(run()).toMatchObject({ status: 1, stderr: 'Usage: npm run mime-samples -- DIR [--update], where DIR has messages in files *.eml.\n' });
});
