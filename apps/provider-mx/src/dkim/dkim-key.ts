// Keys that sign what leaves, one file each in `dkim/` of the state directory; the file's name is the selector (RFC 6376 §3.1).
// The first start makes one of each algorithm: Ed25519 (RFC 8463) is not read everywhere yet, RSA is. To rotate: add a file, publish
// its record, remove the old file at a restart, and its record when no message signed by it is on its way any more.

import { createPublicKey, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { StartError, readOrCreateSecretFile } from '@paloma/provider-runtime';

/** RFC 8301 §3.2: 2048 bits; a longer key would not fit a DNS string of its own everywhere. */
const RSA_BITS = 2048;
const FIRST_SELECTORS = { 'paloma-rsa': newRsaKey, 'paloma-ed25519': newEd25519Key };
const SELECTOR_FILE = /^([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.pem$/;
/** Octets of a SubjectPublicKeyInfo before an Ed25519 key itself, RFC 8410 §4. */
const ED25519_PREFIX_BYTES = 12;

export type DkimAlgorithm = 'rsa-sha256' | 'ed25519-sha256';

export interface DkimKey {
  selector: string;
  algorithm: DkimAlgorithm;
  /** Prints nothing of itself. */
  privateKey: KeyObject;
}

/** All keys, by selector. @throws {StartError} "filesUnusable" */
export function loadDkimKeys(stateDirectory: string): DkimKey[] {
  const directory = join(stateDirectory, 'dkim');
  if (!existsSync(directory)) {
    for (const [selector, generate] of Object.entries(FIRST_SELECTORS)) readOrCreateSecretFile(join(directory, `${selector}.pem`), generate);
  }
  const selectors = readdirSync(directory).flatMap((name) => SELECTOR_FILE.exec(name)?.[1] ?? []).sort();
  return selectors.map((selector) => loadKey(join(directory, `${selector}.pem`), selector));
}

/** Text of the TXT record at `<selector>._domainkey.<domain>`, RFC 6376 §3.6.1 and RFC 8463 §4. */
export function dkimRecord({ algorithm, privateKey }: DkimKey): string {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  if (algorithm === 'rsa-sha256') return `v=DKIM1; k=rsa; p=${spki.toString('base64')}`;
  return `v=DKIM1; k=ed25519; p=${spki.subarray(ED25519_PREFIX_BYTES).toString('base64')}`;
}

function loadKey(file: string, selector: string): DkimKey {
  const privateKey = readKey(file);
  if (privateKey?.asymmetricKeyType === 'rsa') return { selector, algorithm: 'rsa-sha256', privateKey };
  if (privateKey?.asymmetricKeyType === 'ed25519') return { selector, algorithm: 'ed25519-sha256', privateKey };
  throw new StartError('filesUnusable', `${file} holds no RSA or Ed25519 private key in PEM form`);
}

function readKey(file: string): KeyObject | null {
  const text = readOrCreateSecretFile(file, () => '');
  try {
    return createPrivateKey(text);
  } catch {
    return null;
  }
}

function newRsaKey(): string {
  return generateKeyPairSync('rsa', { modulusLength: RSA_BITS }).privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}

function newEd25519Key(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
}
