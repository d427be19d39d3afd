// A certificate authority for one deployment on loopback, so that even there devices speak TLS with a provider they can
// check. A provider on the open network uses a public authority instead.

import 'reflect-metadata';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';

export interface ServerCertificateFiles {
  /** Certificate of the authority: what a device is told to trust. */
  authorityFile: string;
  certificateFile: string;
  keyFile: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const VALID_FOR_MS = 3650 * DAY_MS;

x509.cryptoProvider.set(crypto);

/** Makes an authority and one server certificate in `directory`, once. The authority's key is forgotten at once. */
export async function ensureServerCertificate(directory: string, hosts: readonly string[]): Promise<ServerCertificateFiles> {
  const files = { authorityFile: join(directory, 'authority.pem'), certificateFile: join(directory, 'server.pem'), keyFile: join(directory, 'server-key.pem') };
  if (Object.values(files).every((file) => existsSync(file))) return files;
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const authorityKeys = await newKeys();
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=Paloma loopback authority', keys: authorityKeys, signingAlgorithm: ALGORITHM, ...validity(),
    extensions: [new x509.BasicConstraintsExtension(true, 0, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true)],
  });
  const serverKeys = await newKeys();
  const server = await x509.X509CertificateGenerator.create({
    subject: `CN=${hosts[0]}`, issuer: authority.subject, publicKey: serverKeys.publicKey, signingKey: authorityKeys.privateKey,
    signingAlgorithm: ALGORITHM, ...validity(), extensions: [new x509.SubjectAlternativeNameExtension(hosts.map(alternativeName))],
  });
  writeFileSync(files.authorityFile, authority.toString('pem'));
  writeFileSync(files.certificateFile, server.toString('pem'));
  writeFileSync(files.keyFile, x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', serverKeys.privateKey), 'PRIVATE KEY'), { mode: 0o600 });
  return files;
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
}

function validity(): { notBefore: Date; notAfter: Date } {
  const nowMs = Date.now();
  return { notBefore: new Date(nowMs - DAY_MS), notAfter: new Date(nowMs + VALID_FOR_MS) };
}

function alternativeName(host: string): { type: 'ip' | 'dns'; value: string } {
  return { type: /^[\d.]+$|:/.test(host) ? 'ip' : 'dns', value: host };
}
