// Log-in by TLS client certificates: SASL EXTERNAL (RFC 4422 appendix A, RFC 4954) on both ports.

import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporaryDirectory } from '@paloma/test-kit';
import { SmtpClient } from '../test/smtp-client.js';
import { TestAuthority, type HostCertificate } from '../test/test-authority.js';
import { testProvider } from '../test/test-provider.js';
import { writeTlsFiles } from '../test/tls-files.js';

const directory = temporaryDirectory();
const files = { tlsCertFile: `${directory}/cert.pem`, tlsKeyFile: `${directory}/key.pem` };
let authority: TestAuthority;
let certificate: HostCertificate;
beforeAll(async () => {
  await writeTlsFiles(directory);
  authority = await TestAuthority.create();
  certificate = await authority.certify('a program of alice');
});
const provider = testProvider({ submission: { bind: '127.0.0.1', port: 0, startTlsPort: 0, messagesPerHour: 300, recipientsPerHour: 1500, ...files } });

const clients: SmtpClient[] = [];
afterEach(() => clients.splice(0).forEach((client) => client.close()));
beforeEach(() => {
  provider.services.forget();
  provider.services.submissionCertificates.set(sha256Of(certificate.cert), { accountId: provider.services.accounts.get('alice@example.org')!.accountId, addresses: ['alice@example.org', 'ali@example.org'] });
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const sha256Of = (pem: string): string => createHash('sha256').update(new X509Certificate(pem).raw).digest('base64url');
const remember = (client: SmtpClient): SmtpClient => (clients.push(client), client);

async function implicitTls(options: ConnectionOptions = { cert: certificate.cert, key: certificate.key }): Promise<SmtpClient> {
  return remember(await SmtpClient.connectSecurely(provider.providerMx.ports.submission, readFileSync(files.tlsCertFile), options));
}

async function startTls(options: ConnectionOptions): Promise<SmtpClient> {
  const plain = await SmtpClient.connect(provider.providerMx.ports.submissionStartTls!);
  await plain.command('STARTTLS');
  const socket = connectTls({ socket: plain.socket, host: '127.0.0.1', ca: readFileSync(files.tlsCertFile), ...options });
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  return remember(SmtpClient.over(socket));
}

describe.each<[name: string, (options?: ConnectionOptions) => Promise<SmtpClient>]>([
  ['TLS from the first octet', implicitTls],
  ['STARTTLS', (options) => startTls(options ?? { cert: certificate.cert, key: certificate.key })],
])('with %s', (name, connect) => {
  test('whoever has shown a certificate is offered EXTERNAL, and everybody else is not', async () => {
    expect(await (await connect()).command('EHLO client.example')).toMatch(/^250-AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER EXTERNAL$/m);
    expect(await (await connect({})).command('EHLO client.example')).toMatch(/^250-AUTH PLAIN LOGIN XOAUTH2 OAUTHBEARER$/m);
  });

  test('it lets in who has its key, and mail then leaves for the account', async () => {
    const client = await connect();
    await client.command('EHLO client.example');
    expect(await client.command('AUTH EXTERNAL =')).toMatch(/^235 2\.7\.0 /);
    expect(await client.send('ali@example.org', ['c@outside.example'], `From: ali@example.org\r\n\r\nby ${name}\r\n`)).toMatch(/^250 /);
    expect(await client.send('bob@example.org', ['c@outside.example'], 'From: bob@example.org\r\n\r\nx\r\n')).toMatch(/^550 5\.7\.1 /);
    await provider.providerMx.worker.drain();
    const [message] = provider.outside.messages.splice(0);
    expect(message).toMatchObject({ reversePath: 'ali@example.org', data: expect.stringMatching(/^Received: by mx\.example\.org with ESMTPSA id/) });
  });

  test('it does not let into an account that the operator has disabled', async () => {
    const account = provider.services.accounts.get('alice@example.org')!;
    account.isDisabled = true;
    try {
      const client = await connect();
      await client.command('EHLO client.example');
      expect(await client.command('AUTH EXTERNAL =')).toMatch(/^525 5\.7\.13 /);
    } finally {
      account.isDisabled = false;
    }
  });

  test('without one there is a plain answer, and another way in', async () => {
    const client = await connect({});
    await client.command('EHLO client.example');
    expect(await client.command('AUTH EXTERNAL =')).toBe('535 5.7.8 no client certificate that holds for this account');
    expect(await client.command('MAIL FROM:<alice@example.org>')).toMatch(/^530 /);
    expect(await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'))).toMatch(/^235 /);
  });
});

test.each([
  ['at once', 'alice@example.org'],
  ['an alias', 'Ali@Example.org'],
])('the client may name its address: %s', async (_name, address) => {
  expect(await (await implicitTls()).command(`AUTH EXTERNAL ${base64(address)}`)).toMatch(/^235 /);
});

test('the response may come when it is asked for', async () => {
  const client = await implicitTls();
  expect(await client.command('AUTH EXTERNAL')).toMatch(/^334/);
  expect(await client.command('')).toMatch(/^235 /);
  expect(await client.command('AUTH EXTERNAL =')).toMatch(/^503 /);
});

test('a certificate that was revoked, ran out or never was ours is as none; TLS and other ways in are open to whoever shows it', async () => {
  const stranger = await authority.certify('somebody');
  const client = await implicitTls({ cert: stranger.cert, key: stranger.key });
  expect(await client.command('AUTH EXTERNAL =')).toMatch(/^535 5\.7\.8 /);
  expect(await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'))).toMatch(/^235 /);
  const revoked = await implicitTls();
  provider.services.submissionCertificates.clear();
  expect(await revoked.command('AUTH EXTERNAL =')).toMatch(/^535 5\.7\.8 /);
});

test('a connection whose certificate is revoked sends no more', async () => {
  const client = await implicitTls();
  await client.command('AUTH EXTERNAL =');
  provider.services.submissionCertificates.clear();
  provider.clock.advance(5_000);
  expect(await client.command('MAIL FROM:<alice@example.org>')).toMatch(/^530 5\.7\.0 /);
});

test('an address of somebody else is refused', async () => {
  expect(await (await implicitTls()).command(`AUTH EXTERNAL ${base64('bob@example.org')}`)).toMatch(/^535 5\.7\.8 /);
});

test.each(['*', '!', base64('alice@example.org\0bob@example.org')])('%s is no log-in', async (response) => {
  const client = await implicitTls();
  await client.command('AUTH EXTERNAL');
  expect(await client.command(response)).toMatch(/^501 /);
  expect(await client.command('MAIL FROM:<alice@example.org>')).toMatch(/^530 /);
});

test('it is put off while provider-sync is away', async () => {
  const client = await implicitTls();
  provider.services.sabotage = () => 'unavailable';
  expect(await client.command('AUTH EXTERNAL =')).toMatch(/^454 4\.7\.0 /);
});

test('before TLS it is not heard', async () => {
  const client = remember(await SmtpClient.connect(provider.providerMx.ports.submissionStartTls!));
  expect(await client.command('AUTH EXTERNAL =')).toMatch(/^538 /);
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('whoever resumes a %s session is still who he was', async (version) => {
  const options = { cert: certificate.cert, key: certificate.key, minVersion: version, maxVersion: version };
  const first = await implicitTls(options);
  const session = (first.socket as TLSSocket).getSession()!;
  const again = await implicitTls({ ...options, session });
  expect([(again.socket as TLSSocket).isSessionReused(), await again.command('AUTH EXTERNAL =')]).toEqual([true, expect.stringMatching(/^235 /)]);
});

test('the log names neither certificate nor address', async () => {
  expect(await (await implicitTls()).command(`AUTH EXTERNAL ${base64('bob@example.org')}`)).toMatch(/^535 /);
  expect(provider.logText()).not.toMatch(new RegExp(`${sha256Of(certificate.cert)}|alice|CERTIFICATE`));
  expect(provider.logText()).toContain('"code":"badCertificate"');
});
