// A real daemon whose mail programs connect by TLS, as they must beyond this machine (RFC 8314 §3).

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect as connectPlain, type Socket } from 'node:net';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { RunningDaemon } from './test/running-daemon.js';
import { TEST_CERTIFICATE, TEST_CERTIFICATE_KEY } from './test/test-certificate.js';

const directory = temporaryDirectory();
let daemon: RunningDaemon;

beforeAll(async () => {
  const [certificateFile, keyFile] = [join(directory, 'certificate.pem'), join(directory, 'key.pem')];
  writeFileSync(certificateFile, TEST_CERTIFICATE);
  writeFileSync(keyFile, TEST_CERTIFICATE_KEY, { mode: 0o600 });
  daemon = await RunningDaemon.start(directory, `, bind = "127.0.0.1", beyondLoopback = true, tls = { certificateFile = "${certificateFile}", keyFile = "${keyFile}" }`);
});
afterAll(() => daemon.stop());

/** What is heard first; empty when the connection ends before. */
async function greeting(socket: Socket): Promise<string> {
  socket.on('error', () => {});
  const heard = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  socket.destroy();
  return Buffer.isBuffer(heard[0]) ? heard[0].toString() : '';
}

describe.each([['imap', /^\* OK .* Paloma IMAP ready\r\n$/], ['smtp', /^220 paloma ESMTP Paloma\r\n$/]])('%s', (protocol, expected) => {
  test('greets by TLS with the certificate it was given', async () => {
    expect(await greeting(connectTls({ host: '127.0.0.1', port: daemon.ports[protocol]!, ca: TEST_CERTIFICATE }))).toMatch(expected);
  });

  test('says nothing in the clear', async () => {
    const socket = connectPlain(daemon.ports[protocol]!, '127.0.0.1');
    socket.write('a CAPABILITY\r\n');
    expect(await greeting(socket)).not.toMatch(/Paloma|CAPABILITY/);
  });
});
