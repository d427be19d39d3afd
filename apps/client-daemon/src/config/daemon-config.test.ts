import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { loadDaemonConfig, type DaemonConfig } from './daemon-config.js';

const directory = temporaryDirectory();

function configOf(toml: string): DaemonConfig {
  const path = join(mkdtempSync(join(directory, 'config-')), 'daemon.toml');
  writeFileSync(path, toml);
  return loadDaemonConfig(path);
}

test('without a file everything has a default, and both loopback addresses are listened on', () => {
  const { imap, smtp, http } = loadDaemonConfig(null);
  expect([imap, smtp, http]).toEqual([
    { bind: ['127.0.0.1', '::1'], port: 1984, beyondLoopback: false },
    { bind: ['127.0.0.1', '::1'], port: 2013, beyondLoopback: false },
    { port: 7070 },
  ]);
});

test('a budget for blobs is whole MiB; without one there is no bound', () => {
  expect([configOf('').blobBudgetMiB, configOf('blobBudgetMiB = 0').blobBudgetMiB]).toEqual([undefined, 0]);
  for (const wrong of ['-1', '0.5', '"2 GB"']) expect(() => configOf(`blobBudgetMiB = ${wrong}`)).toThrow(/wrong at "blobBudgetMiB"/);
});

describe('an address', () => {
  const TLS = 'tls = { certificateFile = "c.pem", keyFile = "k.pem" }';

  test.each<[string, string, string[]]>([
    ['one on loopback', 'bind = "::1"', ['::1']],
    ['another one on loopback', 'bind = "127.0.0.53"', ['127.0.0.53']],
    ['beyond it, with TLS and meant so', `bind = ["127.0.0.1", "192.0.2.1"], ${TLS}, beyondLoopback = true`, ['127.0.0.1', '192.0.2.1']],
    ['any, with TLS and meant so', `bind = "::", ${TLS}, beyondLoopback = true`, ['::']],
  ])('%s is taken', (_name, members, bind) => {
    expect(configOf(`imap = { ${members} }`).imap.bind).toEqual(bind);
  });

  test.each<[string, string]>([
    ['beyond loopback, in the clear', 'bind = "192.0.2.1", beyondLoopback = true'],
    ['beyond loopback, with TLS and not meant', `bind = "192.0.2.1", ${TLS}`],
    ['any, in the clear', 'bind = "0.0.0.0"'],
    ['any, of IPv6', 'bind = "::"'],
    ['one beyond loopback among others', 'bind = ["127.0.0.1", "192.0.2.1"]'],
    ['loopback in the clothes of IPv6', 'bind = "::ffff:192.0.2.1"'],
    ['a name', 'bind = "localhost"'],
    ['none', 'bind = []'],
  ])('%s is refused', (_name, members) => {
    expect(() => configOf(`smtp = { ${members} }`)).toThrow(/wrong at "smtp.bind"/);
  });
});
