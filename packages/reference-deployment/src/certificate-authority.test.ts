import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { ensureServerCertificate } from './certificate-authority.js';

const directory = mkdtempSync(join(tmpdir(), 'paloma-ca-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('the server certificate is for the hosts, signed by the authority, made once, and its key is the owner\'s alone', async () => {
  const files = await ensureServerCertificate(directory, ['localhost', '127.0.0.1']);
  const [authority, server] = [files.authorityFile, files.certificateFile].map((file) => new X509Certificate(readFileSync(file))) as [X509Certificate, X509Certificate];
  expect(server.checkIssued(authority) && server.verify(authority.publicKey)).toBe(true);
  expect([server.checkHost('localhost'), server.checkIP('127.0.0.1'), server.checkHost('example.org')]).toEqual(['localhost', '127.0.0.1', undefined]);
  expect([authority.ca, server.ca]).toEqual([true, false]);
  expect(statSync(files.keyFile).mode & 0o777).toBe(0o600);
  const before = readFileSync(files.certificateFile, 'utf8');
  await ensureServerCertificate(directory, ['localhost', '127.0.0.1']);
  expect(readFileSync(files.certificateFile, 'utf8')).toBe(before);
});
