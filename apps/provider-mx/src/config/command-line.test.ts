import { expect, test } from '@jest/globals';
import { parseCommandLine } from './command-line.js';

const ID = '00000000-0000-0000-0000-00000000000a';
const parse = (text: string): unknown => {
  const { configFile, ...rest } = parseCommandLine([...text.split(' ').filter((word) => word !== ''), '--config', 'f']);
  expect(configFile).toBe('f');
  return rest;
};

test.each<[string, unknown]>([
  ['', { command: 'serve' }],
  ['serve', { command: 'serve' }],
  ['dns', { command: 'dns', isCheck: false, server: null }],
  ['dns --check --server 127.0.0.1:53', { command: 'dns', isCheck: true, server: '127.0.0.1:53' }],
  ['queue list', { command: 'queue', queue: { action: 'list', selection: { kind: 'all' } } }],
  ['queue list --domain A.Example', { command: 'queue', queue: { action: 'list', selection: { kind: 'domain', domain: 'a.example' } } }],
  ['queue fail --sender Ana@A.Example', { command: 'queue', queue: { action: 'fail', selection: { kind: 'sender', sender: 'ana@a.example' } } }],
  [`queue fail --id ${ID}`, { command: 'queue', queue: { action: 'fail', selection: { kind: 'id', id: ID } } }],
  ['queue hold --all', { command: 'queue', queue: { action: 'hold', selection: { kind: 'all' } } }],
  ['queue suppressions list', { command: 'queue', queue: { action: 'suppressions list' } }],
  ['queue suppressions drop --all', { command: 'queue', queue: { action: 'suppressions drop', id: null } }],
  ['queue suppressions drop --id 00', { command: 'queue', queue: { action: 'suppressions drop', id: '00' } }],
])('"%s" is understood', (text, expected) => {
  expect(parse(text)).toEqual(expected);
});

test.each(['--check', 'dns --all', 'dns --server nonsense', 'queue', 'queue hold', 'queue fail --id 1', 'queue retry --all --domain a.example', 'queue hold --sender ana', 'queue hold --all --sender ana@a.example', 'queue suppressions drop', 'queue suppressions list --all', 'sing', 'serve --nonsense'])('"%s" is not', (text) => {
  expect(() => parse(text)).toThrow(/^usage: /);
});

test('without a file there is nothing to do', () => {
  expect(() => parseCommandLine(['serve'])).toThrow(/^usage: /);
});
