// How a trust document changes, as pure functions.

import { MAX_FORMER_CERTIFICATES, MAX_REJECTED_FINGERPRINTS, type KeySource, type MailAddress, type TrustDocument, type ValidationLevel } from '@paloma/shared-model';
import { compareLevels, isDirectory } from './validation-level.js';

export interface Provenance {
  source: KeySource;
  level: ValidationLevel;
}

const NOTHING_REFUSED = { refusedFingerprint: null, refusedLevel: null, refusedSource: null, refusedAtMs: null } as const;

/** Trust in a certificate new for this address; a former one goes into the history. Unchecked unless a directory gave it. */
export function newTrust(address: MailAddress, former: TrustDocument | null, fingerprint: string, { source, level }: Provenance, nowMs: number): TrustDocument {
  return {
    address, fingerprint, level, source, firstSeenAtMs: nowMs, lastCheckedAtMs: isDirectory(source) ? nowMs : 0,
    wasUsedToEncrypt: false, wasUsedToVerify: false, ...NOTHING_REFUSED,
    rejectedFingerprints: without(former?.rejectedFingerprints ?? [], fingerprint), history: former ? historyWith(former, nowMs) : [],
  };
}

/**
 * Keeps a refused certificate beside the known one until the user has decided. Null when there is nothing to change: it is
 * there already, or one that is trusted more, which a mail in somebody's name must not push aside.
 */
export function refusedTrust(trust: TrustDocument, fingerprint: string, { source, level }: Provenance, nowMs: number): TrustDocument | null {
  const step = trust.refusedLevel === null ? 1 : compareLevels(level, trust.refusedLevel);
  if (step < 0 || (step === 0 && trust.refusedFingerprint === fingerprint)) return null;
  const refusedAtMs = trust.refusedFingerprint === fingerprint ? trust.refusedAtMs : nowMs;
  const refused = { refusedFingerprint: fingerprint, refusedLevel: level, refusedSource: source, refusedAtMs };
  return { ...trust, ...refused, rejectedFingerprints: without(trust.rejectedFingerprints, fingerprint) };
}

/** The user keeps the known certificate, and is not asked about the refused one again. */
export function keptTrust(trust: TrustDocument): TrustDocument | null {
  const { refusedFingerprint, rejectedFingerprints } = trust;
  if (refusedFingerprint === null) return null;
  const rejected = [refusedFingerprint, ...without(rejectedFingerprints, refusedFingerprint)].slice(0, MAX_REJECTED_FINGERPRINTS);
  return { ...trust, ...NOTHING_REFUSED, rejectedFingerprints: rejected };
}

/** Whether the user has to decide: the refused certificate is trusted no less than the known one, or that one cannot serve. */
export function isContested({ refusedFingerprint, refusedLevel, level }: TrustDocument, canEncrypt: boolean): boolean {
  if (refusedFingerprint === null) return false;
  return refusedLevel === null || !canEncrypt || compareLevels(refusedLevel, level) >= 0;
}

/**
 * The user's word about a fingerprint, which no rule overrides: raises the known certificate, or puts the refused one in its
 * place. Null when the fingerprint is neither's.
 */
export function decidedTrust(trust: TrustDocument, fingerprint: string, level: 'knownKey' | 'fingerprint', nowMs: number): TrustDocument | null {
  if (trust.fingerprint === fingerprint) return { ...trust, level, ...NOTHING_REFUSED };
  if (trust.refusedFingerprint !== fingerprint) return null;
  return newTrust(trust.address as MailAddress, trust, fingerprint, { source: 'import', level }, nowMs);
}

/** Every certificate that was ever tied to the address: the current one first, then the refused one, then former ones. */
export function fingerprintsOf({ fingerprint, refusedFingerprint, history }: TrustDocument): string[] {
  const all = [fingerprint, refusedFingerprint, ...history.map((entry) => entry.fingerprint)];
  return [...new Set(all.filter((entry) => entry !== null))];
}

function historyWith({ fingerprint, level, source, history }: TrustDocument, atMs: number): TrustDocument['history'] {
  return [{ fingerprint, level, source, atMs }, ...history].slice(0, MAX_FORMER_CERTIFICATES);
}

function without(fingerprints: readonly string[], fingerprint: string): string[] {
  return fingerprints.filter((entry) => entry !== fingerprint);
}
