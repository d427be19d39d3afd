import { createPublicKey, type KeyObject } from 'node:crypto';

/** What no attacker breaks and every TLS library takes (RFC 9325 §4.5). */
const CURVES: ReadonlySet<string | undefined> = new Set(['prime256v1', 'secp384r1']);
const MIN_RSA_BITS = 2048;
/** Longer ones cost more to check than they protect. */
const MAX_RSA_BITS = 4096;

/** The key written anew, so that nothing of its sender's own making gets into a certificate; null: no key, or none that is fit for one. */
export function acceptablePublicKey(subjectPublicKeyInfo: Uint8Array): Uint8Array | null {
  const key = parse(subjectPublicKeyInfo);
  return key !== null && isAcceptable(key) ? new Uint8Array(key.export({ type: 'spki', format: 'der' })) : null;
}

function isAcceptable({ asymmetricKeyType: type, asymmetricKeyDetails: { namedCurve, modulusLength = 0 } = {} }: KeyObject): boolean {
  if (type === 'ec') return CURVES.has(namedCurve);
  if (type === 'rsa') return modulusLength >= MIN_RSA_BITS && modulusLength <= MAX_RSA_BITS;
  return type === 'ed25519';
}

function parse(subjectPublicKeyInfo: Uint8Array): KeyObject | null {
  try {
    return createPublicKey({ key: Buffer.from(subjectPublicKeyInfo), format: 'der', type: 'spki' });
  } catch {
    return null;
  }
}
