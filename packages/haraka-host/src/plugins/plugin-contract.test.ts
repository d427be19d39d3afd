// What a plugin finds around itself: loading, settings, inheritance, priorities, time, and what its misbehaviour does.

import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { startHarakaHost } from '../index.js';
import { startFixture, type Fixture } from '../test/host-fixture.js';

/** A plugin hands its `next` to the test here, which answers for it when the time has come. */
type Held = (() => void)[];

let fixture: Fixture | null = null;
afterEach(async () => {
  jest.useRealTimers();
  await fixture?.stop();
  fixture = null;
});

/** The reply to NOOP, or another command, of a host with these plugins, in order. */
async function noop(sources: Record<string, string>, files: Record<string, string> = {}, members: Record<string, unknown> = {}, command = 'NOOP'): Promise<string> {
  const plugins = Object.keys(sources);
  const texts = Object.fromEntries(Object.entries(sources).map(([name, text]) => [`plugins/${name}.js`, text]));
  fixture = await startFixture({ plugins, files: { ...texts, ...files }, host: { server: members } });
  const peer = await fixture.connect();
  await peer.reply();
  return peer.say(command);
}

const says = (expression: string): string => `exports.hook_noop = function (next, connection, params) { next(DENY, String(${expression})); };`;

test.each([
  ['a number as its answer is a code', 'DENY === 902 && CONT === 900 && STOP === 901 && OK === 906 && DENYSOFTDISCONNECT === 909 && NEXT_HOOK === 907 && DELAY === 908', 'true'],
  ['it is `this` in its methods', 'this.name', 'probe'],
  ['its notes are shared through server', 'server.notes.get("a.b") ?? (server.notes.set("a.b", 1), "unset")', 'unset'],
  ['server has what the program put there', 'server.colour', 'blue'],
  ['it reaches the libraries of Haraka', 'this.haraka_require("net_utils").is_private_ip("127.0.0.1")', 'true'],
  ['it reaches them by the names of Haraka\'s files too', 'require("./net_utils").is_private_ip("127.0.0.1")', 'true'],
  ['it requires modules of Node', 'require("node:path").basename(__filename)', 'probe.js'],
  ['the peer is where it can be found', 'connection.get("remote.ip") + connection.remote.is_private', '192.0.2.7true'],
  ['the socket of the peer is there', 'connection.client.remoteAddress', '127.0.0.1'],
  ['connections carry notes and results', '(connection.notes.set("x.y", 5), connection.results.add(this, { pass: "ok" }), connection.notes.get("x.y") + connection.results.collate(this))', '5pass:ok'],
  ['unsafe names are not set', '(connection.set("__proto__.polluted", 1), ({}).polluted)', 'undefined'],
  ['the protocol state is Haraka\'s', '[connection.hello.verb, connection.esmtp, connection.tls.enabled, connection.state > 0, connection.current_line].join()', ',false,false,true,NOOP'],
])('%s', async (_name, expression, answer) => {
  expect(await noop({ probe: says(expression) }, {}, { colour: 'blue' })).toBe(`500 5.7.1 ${answer}`);
});

describe('settings', () => {
  test.each([
    ['ini with booleans', 'probe.ini', 'a=1\n[section]\nb=yes\n', 'JSON.stringify(this.config.get("probe.ini", { booleans: ["+section.b", "-section.c"] }))', '{"main":{"a":1},"section":{"b":true,"c":false}}'],
    ['json', 'probe.json', '{"a": [1, 2]}', 'this.config.get("probe.json").a.join()', '1,2'],
    ['yaml', 'probe.yaml', 'a:\n  b: 3\n', 'this.config.get("probe.yaml").a.b', '3'],
    ['list', 'probe', 'one\n# two\nthree\n', 'this.config.get("probe", "list").join()', 'one,three'],
    ['data', 'probe', 'one\n# two\n', 'this.config.get("probe", "data").join()', 'one,# two'],
    ['value', 'probe', 'one\n', 'this.config.get("probe")', 'one'],
  ])('%s', async (_name, file, content, expression, answer) => {
    expect(await noop({ probe: says(expression) }, { [`config/${file}`]: content })).toBe(`500 5.7.1 ${answer}`);
  });

  test('a plugin in a directory of its own brings defaults, which the operator overrides', async () => {
    expect(await noop({}, {})).toMatch(/^250/);
    await fixture!.stop();
    fixture = await startFixture({
      plugins: ['folder'],
      files: {
        'plugins/folder/package.json': '{"main":"index.js"}',
        'plugins/folder/index.js': 'exports.hook_noop = function (next) { const { main } = this.config.get("folder.ini"); next(DENY, main.a + main.b); };',
        'plugins/folder/config/folder.ini': 'a=default\nb=default\n',
        'config/folder.ini': 'b=mine\n',
      },
    });
    const peer = await fixture.connect();
    await peer.run('S: 220 mx.example ESMTP\nC: NOOP\nS: 500 5.7.1 defaultmine');
  });
});

describe('hooks', () => {
  const heardPlugin = (name: string, priority: number | string): string =>
    `exports.register = function () { this.register_hook('noop', 'hear', ${JSON.stringify(priority)}); }; exports.hear = (next) => { server.heard.push('${name}'); next(); };`;

  test('run by priority, then in the order of the list; priorities end at 100', async () => {
    const heard: string[] = [];
    await noop({ a: heardPlugin('a', 0), b: heardPlugin('b', -5), c: heardPlugin('c', '0'), d: heardPlugin('d', 1000), e: heardPlugin('e', 100), f: heardPlugin('f', -1000) }, {}, { heard });
    expect(heard).toEqual(['f', 'b', 'a', 'c', 'd', 'e']);
  });

  test('may be passed over by a plugin before, for one transaction', async () => {
    const skipper = 'exports.hook_mail = (next, connection) => { connection.transaction.notes.skip_plugins.push("refuser"); next(); };';
    await noop({ skipper, refuser: 'exports.hook_rcpt = (next) => next(DENY, "no");' });
    const peer = await fixture!.connect();
    await peer.run(`
      S: 220 mx.example ESMTP
      C: HELO peer.example
      S: 250 …
      C: MAIL FROM:<ann@peer.example>
      S: 250 …
      C: RCPT TO:<bob@here.example>
      S: 250 2.1.5 Accepted`);
  });

  test('a child has what it inherits where it has nothing of its own', async () => {
    const parent = 'exports.register = function () { this.register_hook("noop", "answer"); }; exports.answer = function (next) { next(DENY, this.word()); }; exports.word = () => "parent";';
    const child = 'exports.register = function () { this.inherits("parent"); }; exports.word = function () { return "child of " + this.base.parent.word(); };';
    expect(await noop({ child }, { 'plugins/parent.js': parent })).toBe('500 5.7.1 child of parent');
  });
});

test('a plugin that answers later keeps the commands behind it waiting, in their order', async () => {
  const slow = 'exports.hook_vrfy = (next) => setTimeout(next, 50, OK, "at last");';
  await noop({ slow });
  const peer = await fixture!.connect();
  await peer.run(`
    S: 220 mx.example ESMTP
    C: VRFY bob\\r\\nNOOP\\r\\nVRFY bob
    S: 250 2.0.0 at last
    S: 250 2.0.0 OK
    S: 250 2.0.0 at last`);
});

test('what a plugin wants to send of its own is put off', async () => {
  const sender = 'exports.hook_vrfy = function (next, connection) { this.haraka_require("outbound").send_email("a@here.example", "b@peer.example", "Subject: hi", next); };';
  expect(await noop({ sender }, {}, {}, 'VRFY bob')).toBe('450 4.3.2 this host sends no mail');
});

describe('a plugin that', () => {
  const after = says('"went on"');

  test.each([
    ['throws', 'exports.hook_noop = () => { throw new Error("broken"); };', '500 5.7.1 went on', ['pluginFailed bad noop']],
    ['rejects', 'exports.hook_noop = async () => { throw new Error("broken"); };', '500 5.7.1 went on', ['pluginFailed bad noop']],
    ['answers twice', 'exports.hook_noop = (next) => { next(); next(DENY, "again"); };', '500 5.7.1 went on', []],
    ['never answers', 'exports.hook_vrfy = () => {};', '450 4.7.1 plugin timeout', ['pluginTimedOut bad vrfy']],
    ['answers too late', 'exports.hook_vrfy = (next) => setTimeout(() => next(OK), 300);', '450 4.7.1 plugin timeout', ['pluginTimedOut bad vrfy']],
  ])('%s', async (_name, bad, reply, failures) => {
    const command = bad.includes('hook_vrfy') ? 'VRFY bob' : 'NOOP';
    expect(await noop({ bad, after }, { 'config/bad.timeout': '0.05' }, {}, command)).toBe(reply);
    expect(fixture!.failures).toEqual(failures);
  });

  test('is on its way when the client leaves is not waited for, is told of the end, and has no time to keep any more', async () => {
    const heard: string[] = [];
    const held: Held = [];
    const slow = 'exports.hook_vrfy = (next) => { server.heard.push("vrfy"); server.held.push(next); }; exports.hook_disconnect = (next) => { server.heard.push("disconnect"); next(); };';
    const second = 'exports.hook_vrfy = (next) => { server.heard.push("second"); next(); };';
    await noop({ slow, second }, { 'config/slow.timeout': '0.1' }, { heard, held });
    const peer = await fixture!.connect();
    await peer.reply();
    holdTimers();
    await peer.write('VRFY bob\r\n');
    while (!heard.includes('vrfy')) await setImmediate();
    peer.close();
    while (!heard.includes('disconnect')) await setImmediate();
    jest.advanceTimersByTime(200);
    held[0]!();
    await setImmediate();
    expect(heard).toEqual(['vrfy', 'disconnect']);
    expect(fixture!.failures).toEqual([]);
  });
});

test('a transaction ends once, though the client leaves while plugins hear of its end', async () => {
  const heard: string[] = [];
  const held: Held = [];
  const slow = 'exports.hook_reset_transaction = (next) => { server.heard.push("reset"); server.held.push(next); }; exports.hook_disconnect = (next) => { server.heard.push("disconnect"); next(); };';
  await noop({ slow }, {}, { heard, held });
  const peer = await fixture!.connect();
  await peer.run('S: 220 mx.example ESMTP\nC: HELO peer.example\nS: 250 …\nC: MAIL FROM:<ann@peer.example>\nS: 250 …\nC: RSET');
  while (!heard.includes('reset')) await setImmediate();
  peer.close();
  while (!heard.includes('disconnect')) await setImmediate();
  held[0]!();
  await fixture!.stop();
  expect(heard.filter((word) => word === 'reset')).toHaveLength(1);
});

/** Our timers stand still until the test moves them; those of plugins, sockets and promises go on. */
function holdTimers(): void {
  jest.useFakeTimers({ doNotFake: ['Date', 'hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval', 'clearInterval'] });
}

describe('a host does not start', () => {
  const start = (plugins: string[], files: Record<string, string> = {}): Promise<unknown> => startFixture({ plugins, files });

  test.each([
    ['with a plugin that is not there', ['nowhere'], {}, 'pluginNotFound'],
    ['with a plugin that throws when it is loaded', ['bad'], { 'plugins/bad.js': 'throw new Error("broken")' }, 'pluginBroken'],
    ['with a plugin that throws when it registers', ['bad'], { 'plugins/bad.js': 'exports.register = () => { throw new Error("broken"); }' }, 'pluginBroken'],
    ['with a plugin that refuses to begin', ['bad'], { 'plugins/bad.js': 'exports.hook_init_master = (next) => next(DENY, "no")' }, 'pluginRefusedStart'],
    ['with pages where it cannot listen', [], { 'config/http.ini': 'listen=192.0.2.1:1\n' }, 'pagesUnavailable'],
  ])('%s', async (_name, plugins, files, code) => {
    await expect(start(plugins, files)).rejects.toMatchObject({ name: 'HarakaHostError', code });
  });

  test('while another runs in the process', async () => {
    await noop({});
    await expect(startHarakaHost({ directory: fixture!.directory, plugins: [] })).rejects.toMatchObject({ code: 'hostRunning' });
  });
});

test('what plugins log goes to the log hook, and on unless that keeps it', async () => {
  const heard: string[] = [];
  const keeper = 'exports.hook_log = (next, logger, line) => { server.heard.push(line.data); next(line.data.includes("secret") ? OK : CONT); };';
  const talker = 'exports.hook_noop = function (next, connection) { this.loginfo("plain"); connection.loginfo(this, "with connection"); this.loginfo("secret"); this.logdebug("below the level"); next(); };';
  await noop({ keeper, talker }, {}, { heard });
  const ours = (texts: string[]): string[] => texts.filter((text) => /plain|with connection|secret|below/.test(text));
  expect(ours(heard)).toEqual(['[INFO] [-] [talker] plain', expect.stringMatching(/^\[INFO\] \[[0-9A-F-]{36}\] \[talker\] with connection$/), '[INFO] [-] [talker] secret']);
  expect(ours(fixture!.logLines.map(({ text }) => text))).toEqual(['plain', 'with connection']);
});
