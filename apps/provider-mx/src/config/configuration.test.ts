import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { loadConfiguration } from './configuration.js';
import { loadDeliveryKey, loadQueueKey, loadServiceToken } from './secret-files.js';

const directory = temporaryDirectory();
const MINIMAL = `
domain = "example.org"
hostname = "mx.example.org"
stateDirectory = "state"
mx = { bind = "127.0.0.1", port = 0 }
submission = { bind = "127.0.0.1", port = 0 }
services = { url = "http://127.0.0.1:4431", tokenFile = "services.token" }
`;

function load(text: string, environment: NodeJS.ProcessEnv = { DATABASE_URL: 'postgres://localhost/x' }): ReturnType<typeof loadConfiguration> {
  const file = join(directory, 'config.toml');
  writeFileSync(file, text);
  return loadConfiguration(file, environment);
}

describe('configuration', () => {
  test('a minimal file has defaults and paths relative to itself', () => {
    const configuration = load(MINIMAL);
    expect(configuration).toMatchObject({ databaseUrl: 'postgres://localhost/x', routes: {}, maxMessageBytes: 50 * 1024 * 1024, stateDirectory: join(directory, 'state') });
    expect(load(`${MINIMAL}\nlmtp.socket = "lmtp"`).lmtp?.socket).toBe(join(directory, 'lmtp'));
    expect(configuration.services.tokenFile).toBe(join(directory, 'services.token'));
    expect(configuration.retry).toMatchObject({ delaysSeconds: [15, 60, 300, 900, 1800, 3600, 7200, 14400], giveUpAfterSeconds: 432_000 });
  });

  test('the example file is valid', () => {
    const example = fileURLToPath(new URL('../../config.example.toml', import.meta.url));
    expect(load(readFileSync(example, 'utf8')).mx.port).toBe(25);
  });

  test.each([
    ['an unknown key', `${MINIMAL}\ncolour = "blue"`, /unrecognized key/i],
    ['no domain', MINIMAL.replace('domain = "example.org"', ''), /domain: /],
    ['half a TLS pair', MINIMAL.replace('mx = { ', 'mx = { tlsCertFile = "c.pem", '), /mx: needs both/],
    ['passwords in the clear on an open address', MINIMAL.replace('submission = { bind = "127.0.0.1"', 'submission = { bind = "0.0.0.0"'), /submission: .*loopback/],
    ['a route without a port', `${MINIMAL}\n[routes]\n"a.example" = "host"`, /host:port/],
    ['a budget below one message', `maxBytesInFlight = 5\n${MINIMAL}`, /maxBytesInFlight/],
    ['LMTP for everybody', `${MINIMAL}\nlmtp = { bind = "0.0.0.0", port = 24 }`, /lmtp\.bind: must be a loopback address/],
    ['a listener of two places', `${MINIMAL}\nsocketmap = { socket = "s", port = 24 }`, /socketmap: needs either socket or port/],
    ['no TOML', 'domain = ', /cannot be read/],
  ])('%s is refused in one sentence', (_name, text, sentence) => {
    expect(() => load(text)).toThrow(sentence);
  });

  test('a database must be named somewhere', () => {
    expect(() => load(MINIMAL, {})).toThrow('DATABASE_URL');
  });
});

describe('secret files', () => {
  test('keys are made once, for their owner alone, and differ', () => {
    const state = join(directory, 'keys');
    const key = loadQueueKey(state);
    expect(loadQueueKey(state).reveal()).toEqual(key.reveal());
    expect(loadDeliveryKey(state).reveal()).not.toEqual(key.reveal());
    expect(key.reveal()).toHaveLength(32);
    expect(statSync(join(state, 'queue-key')).mode & 0o777).toBe(0o600);
  });

  test('a damaged key is not replaced', () => {
    writeFileSync(join(directory, 'queue-key'), 'short');
    expect(() => loadQueueKey(directory)).toThrow('damaged');
  });

  test.each([['short', 'must hold service tokens'], [null, 'cannot be read']])('service token file with %j', (content, sentence) => {
    const file = join(directory, `token-${String(content)}`);
    if (content !== null) writeFileSync(file, content);
    expect(() => loadServiceToken(file)).toThrow(sentence);
  });
});
