import { expect, test } from '@jest/globals';
import { parseCommandLine } from './command-line.js';

test.each([
  [[], { command: 'serve' }],
  [['serve'], { command: 'serve' }],
  [['invite'], { command: 'invite' }],
  [['alias', 'list'], { command: 'alias', alias: { action: 'list' } }],
  [['alias', 'add', 'a@example.org', 'b@example.org'], { command: 'alias', alias: { action: 'add', alias: 'a@example.org', address: 'b@example.org' } }],
  [['alias', 'remove', 'a@example.org'], { command: 'alias', alias: { action: 'remove', alias: 'a@example.org' } }],
  [['account', 'list'], { command: 'account', account: { action: 'list' } }],
  [['account', 'disable', 'a@example.org'], { command: 'account', account: { action: 'disable', address: 'a@example.org' } }],
  [['account', 'enable', 'a@example.org'], { command: 'account', account: { action: 'enable', address: 'a@example.org' } }],
  [['account', 'delete', 'a@example.org'], { command: 'account', account: { action: 'delete', address: 'a@example.org' } }],
  [['account', 'release', 'a@example.org'], { command: 'account', account: { action: 'release', address: 'a@example.org' } }],
  [['account', 'quota', 'a@example.org', '20GiB'], { command: 'account', account: { action: 'quota', address: 'a@example.org', quotaBytes: 20 * 1024 ** 3 } }],
  [['account', 'quota', 'a@example.org', '1MiB'], { command: 'account', account: { action: 'quota', address: 'a@example.org', quotaBytes: 1024 ** 2 } }],
])('%j is understood', (words, expected) => {
  expect(parseCommandLine([...words, '--config', 'f'])).toEqual({ configFile: 'f', ...expected });
});

test.each([
  [['invite']], [['other', '--config', 'f']], [['invite', 'two', '--config', 'f']], [['--conf', 'f']], [['alias', '--config', 'f']], [['alias', 'list', 'x', '--config', 'f']],
  [['alias', 'add', 'a@example.org', '--config', 'f']], [['alias', 'remove', 'a', 'b', '--config', 'f']], [['alias', 'add', 'a', 'b', 'c', '--config', 'f']],
  [['account', '--config', 'f']], [['account', 'list', 'a', '--config', 'f']], [['account', 'delete', '--config', 'f']], [['account', 'delete', 'a', 'b', '--config', 'f']], [['account', 'drop', 'a', '--config', 'f']],
  ...['20', '0GiB', '-1GiB', '1.5GiB', '20GB', '999999TiB'].map((size): [string[]] => [['account', 'quota', 'a', size, '--config', 'f']]),
])('%j is not', (words) => {
  expect(() => parseCommandLine(words)).toThrow(/^usage: /);
});
