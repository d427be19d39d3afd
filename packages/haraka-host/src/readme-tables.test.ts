// The tables of the README are claims about the code. Each name in them is looked for where a plugin would, and each name that Haraka's own
// documents have must stand in them, as supported or as not.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { HARAKA_DIRECTORY } from './test/haraka-program.js';
import { startFixture, type Fixture } from './test/host-fixture.js';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const section = (heading: string): string => README.split(`\n## ${heading}\n`)[1]!.split('\n## ')[0]!;
const harakaDocument = (name: string): string => readFileSync(join(HARAKA_DIRECTORY, 'docs', `${name}.md`), 'utf8');

/** Cells of the first table of a section, without its head. */
function rowsOf(heading: string): string[][] {
  const lines = section(heading).split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, index) => index > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
}

const namesIn = (text: string): string[] => [...text.matchAll(/`([\w.]+)`/g)].map(([, name]) => name!);
const objectRows = new Map(rowsOf('Objects').map(([object = '', supported = '', not = '']) => [object.replaceAll('`', ''), { supported: namesIn(supported), not: namesIn(not) }]));
const hookNames = rowsOf('Hooks').flatMap(([names = '']) => namesIn(names));
const hooksNotRun = namesIn(/^Not run: (.*)$/m.exec(section('Hooks'))![1]!);

/** Stands on every hook that either side knows, and shows the objects it has in its hands at the end of a message. */
const WATCHER = `
exports.register = function () {
  for (const hook of server.hookNames) this.register_hook(hook, 'on_' + hook);
};
for (const hook of server.hookNames) exports['on_' + hook] = (next) => { server.heard.add(hook); next(); };
exports.on_noop = function (next) { server.heard.add('noop'); this.lognotice('heard'); next(); };
exports.on_vrfy = (next) => { server.heard.add('vrfy'); next(DENY, 'nobody is looked up'); };
exports.on_mail = (next, connection, [{ user }]) => { server.heard.add('mail'); connection.relaying = user === 'relayed'; next(); };
exports.on_rcpt = (next) => { server.heard.add('rcpt'); next(OK); };
exports.on_queue = (next) => { server.heard.add('queue'); next(OK); };
exports.on_queue_ok = function (next, connection) {
  server.heard.add('queue_ok');
  server.show({ plugin: this, haraka_require: this, server, connection, transaction: connection.transaction });
  next();
};
exports.on_queue_outbound = (next) => { server.heard.add('queue_outbound'); next(OK); };
`;

const heard = new Set<string>();
/** Object → those of the names in its row that it has. */
const found = new Map<string, string[]>();
let fixture: Fixture;

function show(objects: Record<string, object>): void {
  for (const [name, object] of Object.entries(objects)) {
    const { supported, not } = objectRows.get(name)!;
    found.set(name, [...supported, ...not].filter((path) => (name === 'haraka_require' ? isRequired(object, path) : hasMember(object, path.split('.')))));
  }
}

function hasMember(object: unknown, [first = '', ...rest]: readonly string[]): boolean {
  if (object === null || object === undefined || !(first in Object(object))) return false;
  return rest.length === 0 || hasMember((object as Record<string, unknown>)[first], rest);
}

function isRequired(plugin: object, name: string): boolean {
  try {
    return (plugin as { haraka_require(part: string): unknown }).haraka_require(name) !== undefined;
  } catch {
    return false;
  }
}

beforeAll(async () => {
  fixture = await startFixture({
    plugins: ['watcher'], smtp: { size: 1000 },
    files: { 'plugins/watcher.js': WATCHER, 'config/http.ini': 'listen=127.0.0.1:0\n' },
    host: { server: { heard, show, hookNames: [...hookNames, ...hooksNotRun] } },
  });
  const sessions = [
    ['EHLO peer.example', 'NOOP', 'VRFY bob', 'WHAT', 'MAIL FROM:<ann@peer.example>', 'RCPT TO:<bob@here.example>', 'DATA', 'Subject: hello\r\n\r\nhello\r\n.', 'RSET', 'QUIT'],
    ['HELO peer.example', 'MAIL FROM:<ann@peer.example>', 'RCPT TO:<bob@here.example>', 'DATA', `${'x'.repeat(1100)}\r\n.`, 'QUIT'],
    ['HELO peer.example', 'MAIL FROM:<relayed@peer.example>', 'RCPT TO:<bob@here.example>', 'DATA', 'Subject: hello\r\n\r\nhello\r\n.', 'QUIT'],
  ];
  for (const lines of sessions) {
    const peer = await fixture.connect();
    await peer.reply();
    for (const line of lines) await peer.say(line);
  }
  await fixture.stop();
});
afterAll(() => fixture.stop());

test('every hook of the table runs, and none that is said not to', () => {
  expect([...heard].sort()).toEqual([...hookNames].sort());
});

test('Haraka documents no hook that the README leaves out', () => {
  const list = harakaDocument('Plugins').split('## Available Hooks')[1]!.split('\n### ')[0]!;
  const documented = [...list.matchAll(/^- (\w+)/gm)].map(([, hook]) => hook!);
  expect(documented.length).toBeGreaterThan(25);
  expect(documented.filter((hook) => !hookNames.includes(hook) && !hooksNotRun.includes(hook))).toEqual([]);
});

test.each(['plugin', 'haraka_require', 'server', 'connection', 'transaction'])('%s has what the table says, and nothing that the table denies', (object) => {
  const { supported } = objectRows.get(object)!;
  expect(supported.length).toBeGreaterThan(2);
  expect(found.get(object)).toEqual(supported);
});

test.each([['connection', 'Connection'], ['transaction', 'Transaction']])('Haraka documents no member of a %s that the README leaves out', (object, document) => {
  const { supported, not } = objectRows.get(object)!;
  const headings = [...harakaDocument(document).matchAll(/^### (.*)$/gm)].map(([, heading]) => heading!);
  const documented = headings.flatMap((heading) => [...heading.matchAll(new RegExp(`${object}\\.(\\w+)`, 'g'))].map(([, member]) => member!));
  expect(documented.length).toBeGreaterThan(15);
  expect(documented.filter((member) => !member.startsWith('log') && ![...supported, ...not].some((name) => name.split('.')[0] === member))).toEqual([]);
});
