import 'reflect-metadata';
import { createHash, type webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(crypto);
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

/** PEM of a host's certificate with that of its issuer, and of its key; the TLSA data of both certificates (3 1 1 and 2 0 1). */
export interface HostCertificate {
  cert: string;
  key: string;
  ownKey: string;
  issuer: string;
}

/** Vouches for hosts in tests, in date now and at the clock of tests. */
export class TestAuthority {
  private constructor(readonly certificate: x509.X509Certificate, private readonly keys: webcrypto.CryptoKeyPair) {}

  static async create(): Promise<TestAuthority> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      ...validity(), name: 'CN=test authority', keys, signingAlgorithm: ALGORITHM, extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
    });
    return new TestAuthority(certificate, keys);
  }

  get pem(): string {
    return this.certificate.toString('pem');
  }

  certify(...names: string[]): Promise<HostCertificate> {
    return this.certifyUntil(validity().notAfter, ...names);
  }

  async certifyUntil(notAfter: Date, ...names: string[]): Promise<HostCertificate> {
    const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
    const certificate = await x509.X509CertificateGenerator.create({
      ...validity(), notAfter, subject: `CN=${names[0]}`, issuer: this.certificate.subject, publicKey: keys.publicKey, signingKey: this.keys.privateKey, signingAlgorithm: ALGORITHM,
      extensions: [new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value })))],
    });
    return {
      cert: `${certificate.toString('pem')}\n${this.pem}`,
      key: x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY'),
      ownKey: `3 1 1 ${sha256(await crypto.subtle.exportKey('spki', keys.publicKey))}`,
      issuer: `2 0 1 ${sha256(this.certificate.rawData)}`,
    };
  }
}

function validity(): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date('2025-01-01'), notAfter: new Date(Date.now() + DAY_MS) };
}

function sha256(octets: ArrayBuffer): string {
  return createHash('sha256').update(Buffer.from(octets)).digest('hex');
}
