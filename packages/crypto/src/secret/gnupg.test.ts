// GnuPG as the judge: what we make it reads, what it makes we read. Runs where `gpg` is installed (continuous integration does).

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseMailAddress, Redacted } from '@paloma/shared-model';
import { temporaryDirectory } from '@paloma/test-kit';
import { armor } from '../public/armor.js';
import { parseCertificate } from '../public/certificate.js';
import { encryptToCertificates } from '../public/encrypt.js';
import { verifyDetachedSignature } from '../public/verify-signature.js';
import { decryptMessage } from './decrypt-message.js';
import { exportSecretKey, generateSecretKey, importSecretKey, type GeneratedSecretKey } from './secret-key.js';
import { encryptAndSign, signDetached } from './sign.js';

const isInstalled = spawnSync('gpg', ['--version']).status === 0;
const octets = Buffer.from('Content-Type: text/plain\r\n\r\nGr\u00fc\u00dfe\r\n', 'utf8');
const passphrase = new Redacted('correct horse');

(isInstalled ? describe : describe.skip)('with GnuPG', () => {
  const home = temporaryDirectory();
  const nowMs = Date.now();
  let ours: GeneratedSecretKey;
  let theirs: Uint8Array;

  beforeAll(async () => {
    chmodSync(home, 0o700);
    ours = await generateSecretKey({ address: parseMailAddress('ours@example.org'), name: 'Ours', nowMs });
    gpg(['--quick-generate-key', '--passphrase', '', 'Theirs <theirs@example.org>', 'default', 'default', '1y']);
    gpg(['--import'], ours.certificate);
    theirs = gpg(['--export', 'theirs@example.org']);
  }, 60_000);

  afterAll(() => {
    spawnSync('gpgconf', ['--homedir', home, '--kill', 'all']);
  });

  function gpg(parameters: readonly string[], input: Uint8Array = new Uint8Array()): Uint8Array {
    const fixed = ['--homedir', home, '--batch', '--quiet', '--no-tty', '--pinentry-mode', 'loopback', '--trust-model', 'always'];
    return new Uint8Array(execFileSync('gpg', [...fixed, ...parameters], { input, stdio: ['pipe', 'pipe', 'pipe'] }));
  }

  function file(name: string, content: Uint8Array | string): string {
    const path = join(home, name);
    writeFileSync(path, content);
    return path;
  }

  test('its certificate is parsed', async () => {
    expect(await parseCertificate(theirs, nowMs)).toMatchObject({ ok: true, certificate: { addresses: ['theirs@example.org'], canEncrypt: true, canSign: true } });
  });

  test('it reads and verifies what we encrypt and sign', async () => {
    const encrypted = await encryptAndSign({ octets, certificates: [theirs], secretKey: ours.transferableSecretKey, nowMs });
    const message = encrypted.ok ? encrypted.message : new Uint8Array();
    expect(gpg(['--status-fd', '2', '--decrypt'], message)).toEqual(new Uint8Array(octets));
    const status = Buffer.from(gpg(['--status-fd', '1', '--output', join(home, 'plain'), '--decrypt'], Buffer.from(armor('message', message)))).toString();
    expect(status).toContain(`VALIDSIG ${ours.fingerprint}`);
  });

  test('it reads what the MX encrypts', async () => {
    const encrypted = await encryptToCertificates(octets, [theirs, ours.certificate], nowMs);
    expect(gpg(['--decrypt'], encrypted.ok ? encrypted.message : new Uint8Array())).toEqual(new Uint8Array(octets));
  });

  test('it verifies our detached signature', async () => {
    const { signature } = await signDetached(octets, ours.transferableSecretKey, nowMs);
    const status = gpg(['--status-fd', '1', '--verify', file('signature.asc', armor('signature', signature)), '-'], octets);
    expect(Buffer.from(status).toString()).toContain(`VALIDSIG ${ours.fingerprint}`);
  });

  test('we read and verify what it encrypts and signs', async () => {
    const message = gpg(['--local-user', 'theirs@example.org', '--recipient', 'ours@example.org', '--sign', '--encrypt', '--armor'], octets);
    expect(await decryptMessage({ message, secretKeys: [ours.transferableSecretKey], verificationCertificates: [theirs], nowMs }))
      .toMatchObject({ ok: true, octets: new Uint8Array(octets), signature: 'valid' });
  });

  test('we verify its detached signature', async () => {
    const signature = gpg(['--local-user', 'theirs@example.org', '--detach-sign', '--armor'], octets);
    expect(await verifyDetachedSignature({ octets, signature, certificates: [theirs], nowMs })).toMatchObject({ signature: 'valid' });
  });

  test('it imports our exported secret key, reads with it what the MX encrypts, and we import the one it exports', async () => {
    const exported = await exportSecretKey(ours.transferableSecretKey, passphrase);
    gpg(['--import'], Buffer.from(exported));
    const encrypted = await encryptToCertificates(octets, [ours.certificate], nowMs);
    expect(gpg(['--passphrase', passphrase.reveal(), '--decrypt'], encrypted.ok ? encrypted.message : new Uint8Array())).toEqual(new Uint8Array(octets));
    const back = gpg(['--passphrase', passphrase.reveal(), '--export-secret-keys', ours.fingerprint]);
    expect((await importSecretKey(back, passphrase)).ok).toBe(true);
  });
});
