import { expect, test } from '@jest/globals';
import { parseCommandLine } from './command-line.js';

test.each([
  [[], { command: 'serve' }],
  [['serve'], { command: 'serve' }],
  [['invite'], { command: 'invite' }],
  [['alias', 'list'], { command: 'alias', alias: { action: 'list' } }],
  [['alias', 'add', 'a@example.org', 'b@example.org'], { command: 'alias', alias: { action: 'add', alias: 'a@example.org', address: 'b@example.org' } }],
  [['alias', 'remove', 'a@example.org'], { command: 'alias', alias: { action: 'remove', alias: 'a@example.org' } }],
])('%j is understood', (words, expected) => {
  expect(parseCommandLine([...words, '--config', 'f'])).toEqual({ configFile: 'f', ...expected });
});

test.each([
  [['invite']], [['other', '--config', 'f']], [['invite', 'two', '--config', 'f']], [['--conf', 'f']], [['alias', '--config', 'f']], [['alias', 'list', 'x', '--config', 'f']],
  [['alias', 'add', 'a@example.org', '--config', 'f']], [['alias', 'remove', 'a', 'b', '--config', 'f']], [['alias', 'add', 'a', 'b', 'c', '--config', 'f']],
])('%j is not', (words) => {
  expect(() => parseCommandLine(words)).toThrow(/^usage: /);
});
