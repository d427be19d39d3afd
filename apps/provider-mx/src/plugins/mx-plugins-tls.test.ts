import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { beforeAll, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { testProvider } from '../test/test-provider.js';
import { writeTlsFiles } from '../test/tls-files.js';

const TELLER = 'exports.hook_noop = (next, { tls, hello, esmtp }) => next(DENY, JSON.stringify([tls.enabled, Object.keys(tls.cipher).length > 0, hello.host, esmtp]));';

const directory = temporaryDirectory();
const files = { tlsCertFile: join(directory, 'cert.pem'), tlsKeyFile: join(directory, 'key.pem') };
mkdirSync(join(directory, 'plugins'));
writeFileSync(join(directory, 'plugins/teller.js'), TELLER);
beforeAll(() => writeTlsFiles(directory));
const provider = testProvider({ mx: { bind: '127.0.0.1', port: 0, ...files }, plugins: { directory, list: ['teller'] } });

/** The last line of each reply. */
function dialogue(stream: Duplex): (line?: string) => Promise<string> {
  const lines = createInterface({ input: stream })[Symbol.asyncIterator]();
  return async (line) => {
    if (line !== undefined) stream.write(`${line}\r\n`);
    for (;;) {
      const { value = '' } = await lines.next() as { value?: string };
      if (!/^\d{3}-/.test(value)) return value;
    }
  };
}

test('after STARTTLS plugins know of TLS, and of nothing that was said before', async () => {
  const socket = connect(provider.providerMx.ports.mx, '127.0.0.1');
  const say = dialogue(socket);
  await say();
  await say('EHLO before.example');
  expect(await say('NOOP')).toBe('500 5.7.1 [false,false,"before.example",true]');
  expect(await say('STARTTLS')).toMatch(/^220 /);
  const secured = connectTls({ socket, ca: readFileSync(files.tlsCertFile), checkServerIdentity: () => undefined });
  await once(secured, 'secureConnect');
  const saySecured = dialogue(secured);
  expect(await saySecured('NOOP')).toBe('500 5.7.1 [true,true,null,false]');
  expect(await saySecured('EHLO after.example')).toMatch(/^250 /);
  expect(await saySecured('NOOP')).toBe('500 5.7.1 [true,true,"after.example",true]');
  secured.destroy();
});
