import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { temporaryDirectory } from '@paloma/test-kit';
import { SmtpClient } from '../test/smtp-client.js';
import { testProvider } from '../test/test-provider.js';
import { writeTlsFiles } from '../test/tls-files.js';

// Certificates are made before the provider starts: hooks run in the order they are declared.
const directory = temporaryDirectory();
const files = { tlsCertFile: `${directory}/cert.pem`, tlsKeyFile: `${directory}/key.pem` };
beforeAll(() => writeTlsFiles(directory));
const provider = testProvider({
  mx: { bind: '127.0.0.1', port: 0, ...files },
  submission: { bind: '127.0.0.1', port: 0, startTlsPort: 0, messagesPerHour: 300, recipientsPerHour: 1500, ...files },
});

/** An independent client that insists on TLS and on this very certificate. */
function open(options: SMTPConnection.Options): Promise<SMTPConnection> {
  const connection = new SMTPConnection({ host: '127.0.0.1', name: 'client.example', tls: { ca: readFileSync(files.tlsCertFile) }, ...options });
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    connection.connect((error) => (error ? reject(error) : resolve(connection)));
  });
}

test('the MX offers STARTTLS under its certificate, and says so in the trace', async () => {
  const connection = await open({ port: provider.providerMx.ports.mx, requireTLS: true });
  await new Promise<void>((resolve, reject) => connection.send({ from: 'a@outside.example', to: ['alice@example.org'] }, 'A: b\r\n\r\nc\r\n', (error) => (error ? reject(error) : resolve())));
  connection.quit();
  expect(await provider.alice.open(provider.services.itemsOf('alice@example.org')[0]!)).toContain('with ESMTPS id');
});

test('submission speaks TLS from the first octet', async () => {
  const connection = await open({ port: provider.providerMx.ports.submission, secure: true });
  const credentials = { user: 'alice@example.org', pass: provider.services.addSession('alice@example.org') };
  await new Promise<void>((resolve, reject) => connection.login(credentials, (error) => (error ? reject(error) : resolve())));
  connection.quit();
  expect(connection.authenticated).toBe(true);
});

test('what asks for TLS all the way is refused, since nobody here sees to that', async () => {
  const client = await SmtpClient.connectSecurely(provider.providerMx.ports.submission, readFileSync(files.tlsCertFile));
  await client.logIn('alice@example.org', provider.services.addSession('alice@example.org'));
  expect(await client.command('MAIL FROM:<alice@example.org> REQUIRETLS')).toMatch(/^555 5\.5\.4 /);
  client.close();
});

describe('submission with STARTTLS', () => {
  test('speaks TLS before it hears a password, and then takes mail', async () => {
    const port = provider.providerMx.ports.submissionStartTls!;
    const plain = await SmtpClient.connect(port);
    expect(await plain.logIn('alice@example.org', provider.services.addSession('alice@example.org'))).toMatch(/^538 /);
    expect(await plain.command('AUTH OAUTHBEARER')).toMatch(/^538 /);
    expect(await plain.command('MAIL FROM:<alice@example.org>')).toMatch(/^530 /);
    plain.close();
    const connection = await open({ port, requireTLS: true });
    await new Promise<void>((resolve, reject) => connection.login({ user: 'alice@example.org', pass: provider.services.addSession('alice@example.org') }, (error) => (error ? reject(error) : resolve())));
    await new Promise<void>((resolve, reject) => connection.send({ from: 'alice@example.org', to: ['bob@example.org'] }, 'From: alice@example.org\r\n\r\nx\r\n', (error) => (error ? reject(error) : resolve())));
    connection.quit();
    await provider.providerMx.worker.drain();
    expect(await provider.bob.open(provider.services.itemsOf('bob@example.org')[0]!)).toContain('with ESMTPSA id');
  });
});
