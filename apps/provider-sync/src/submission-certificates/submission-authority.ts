// The provider's own small authority: what it signs lets a program submit mail, and nothing else. provider-mx finds out from us what
// a certificate is worth each time it is shown (docs/decisions/0011-submission-certificates.md); the signature is for whoever else asks.

import 'reflect-metadata';   // wanted by x509
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type webcrypto } from 'node:crypto';
import { join } from 'node:path';
import * as x509 from '@peculiar/x509';
import { readOrCreateSecretFile } from '@paloma/provider-runtime';

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface CertificateRequest {
  /** DER (RFC 5280 §4.1.2.7), as `acceptablePublicKey` gave it. */
  publicKey: Uint8Array;
  /** Its name in the certificate: whoever reads it on its way (TLS 1.2 hides none) learns neither account nor address. */
  certificateId: string;
  notBeforeMs: number;
  notAfterMs: number;
}

export interface IssuedCertificate {
  der: Uint8Array;
  sha256: Uint8Array;
}

export class SubmissionAuthority {
  readonly #issuer: x509.JsonName;

  private constructor(private readonly keys: webcrypto.CryptoKeyPair, domain: string) {
    this.#issuer = [{ CN: [`Paloma submission at ${domain}`] }];
  }

  /** Its key is made at the first start. @throws {StartError} "filesUnusable" */
  static load(stateDirectory: string, domain: string): SubmissionAuthority {
    const pem = readOrCreateSecretFile(join(stateDirectory, 'submission-authority.pem'), newKey);
    const privateKey = createPrivateKey(pem);
    return new SubmissionAuthority({
      privateKey: privateKey.toCryptoKey(ALGORITHM, false, ['sign']), publicKey: createPublicKey(privateKey).toCryptoKey(ALGORITHM, true, ['verify']),
    }, domain);
  }

  async issue({ publicKey, certificateId, notBeforeMs, notAfterMs }: CertificateRequest): Promise<IssuedCertificate> {
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: Buffer.from(certificateId, 'base64url').toString('hex'),
      issuer: this.#issuer,
      subject: [{ CN: [certificateId] }],
      notBefore: new Date(notBeforeMs),
      notAfter: new Date(notAfterMs),
      publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: ALGORITHM,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
        await x509.AuthorityKeyIdentifierExtension.create(this.keys.publicKey, false, crypto),
      ],
    }, crypto);
    const der = new Uint8Array(certificate.rawData);
    return { der, sha256: createHash('sha256').update(der).digest() };
  }
}

function newKey(): string {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}
