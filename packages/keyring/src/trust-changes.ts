// How a trust document changes, as pure functions.

import type { KeySource, MailAddress, TrustDocument, ValidationLevel } from '@paloma/shared-model';

export interface Provenance {
  source: KeySource;
  level: ValidationLevel;
}

/** Former certificates kept by name for verifying old mail; whoever changes keys more often is not served by a longer list. */
const MAX_HISTORY = 20;

/** Trust in a certificate new for this address; a former one goes into the history. */
export function newTrust(address: MailAddress, former: TrustDocument | null, fingerprint: string, { source, level }: Provenance, nowMs: number): TrustDocument {
  return {
    address, fingerprint, level, source, firstSeenAtMs: nowMs, lastCheckedAtMs: nowMs,
    wasUsedToEncrypt: false, wasUsedToVerify: false, refusedFingerprint: null, history: former ? historyWith(former, nowMs) : [],
  };
}

/**
 * The user's word about a fingerprint, which no rule overrides: raises the known certificate, or puts the refused one in its
 * place. Null when the fingerprint is neither's.
 */
export function decidedTrust(trust: TrustDocument, fingerprint: string, level: 'knownKey' | 'fingerprint', nowMs: number): TrustDocument | null {
  if (trust.fingerprint === fingerprint) return { ...trust, level, refusedFingerprint: null };
  if (trust.refusedFingerprint !== fingerprint) return null;
  return newTrust(trust.address as MailAddress, trust, fingerprint, { source: 'import', level }, nowMs);
}

/** Every certificate that was ever tied to the address: the current one first, then the refused one, then former ones. */
export function fingerprintsOf({ fingerprint, refusedFingerprint, history }: TrustDocument): string[] {
  const all = [fingerprint, refusedFingerprint, ...history.map((entry) => entry.fingerprint)];
  return [...new Set(all.filter((entry) => entry !== null))];
}

function historyWith({ fingerprint, level, source, history }: TrustDocument, atMs: number): TrustDocument['history'] {
  return [{ fingerprint, level, source, atMs }, ...history].slice(0, MAX_HISTORY);
}
