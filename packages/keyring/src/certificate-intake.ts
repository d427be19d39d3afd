// The one way by which a correspondent's certificate enters the keyring, wherever it came from: checked, compared with what
// is known, and taken, merged, refused or ignored by the rules of replacement.ts.

import { canonicalAddress, type Clock, type MailAddress } from '@paloma/shared-model';
import { isCertifiedBy, mergeCertificates, parseCertificate, type Certificate } from '@paloma/crypto/public';
import { decideReplacement, type KnownCertificate } from './replacement.js';
import { KeyringError } from './keyring-error.js';
import { newTrust, refusedTrust, type Provenance } from './trust-changes.js';
import type { KnownTrust, TrustStore } from './trust-store.js';
import { compareLevels, isDirectory } from './validation-level.js';

export type Acceptance =
  | { outcome: 'accepted' | 'merged' | 'refused' | 'ignored'; fingerprint: string }
  /** Not a certificate that could ever be used for this address. */
  | { outcome: 'unusable'; reason: 'malformed' | 'tooBig' | 'containsSecretKey' | 'otherAddress' | 'expiredOrRevoked' };

interface Known {
  basis: KnownTrust;
  certificate: Certificate;
}

export class CertificateIntake {
  readonly #trustStore: TrustStore;
  readonly #clock: Clock;

  constructor(trustStore: TrustStore, clock: Clock) {
    this.#trustStore = trustStore;
    this.#clock = clock;
  }

  async accept(address: MailAddress, bytes: Uint8Array, provenance: Provenance): Promise<Acceptance> {
    const parsed = await parseCertificate(bytes, this.#clock.nowMs());
    if (!parsed.ok) return { outcome: 'unusable', reason: parsed.reason };
    const { certificate } = parsed;
    if (!certificate.addresses.includes(canonicalAddress(address))) return { outcome: 'unusable', reason: 'otherAddress' };
    for (;;) {
      const acceptance = await this.#tryAccept(canonicalAddress(address), certificate, provenance);
      if (acceptance) return acceptance;
    }
  }

  /** What is known of the address, with its certificate as of now; null when nothing is. */
  async known(address: MailAddress): Promise<Known | null> {
    const basis = this.#trustStore.load(address);
    if (!basis) return null;
    const bytes = this.#trustStore.certificate(basis.trust.fingerprint);
    const parsed = bytes && await parseCertificate(bytes, this.#clock.nowMs());
    if (!parsed?.ok) throw new KeyringError('damagedCertificate', 'certificate of a trust document is missing or damaged');
    return { basis, certificate: parsed.certificate };
  }

  /** Null when the trust changed while this was deciding. */
  async #tryAccept(address: MailAddress, candidate: Certificate, provenance: Provenance): Promise<Acceptance | null> {
    const nowMs = this.#clock.nowMs();
    const known = await this.known(address);
    const isSameKey = known?.certificate.fingerprint === candidate.fingerprint;
    if (!isSameKey && !candidate.canEncrypt) return { outcome: 'unusable', reason: 'expiredOrRevoked' };
    const isCertifiedByKnown = known !== null && !isSameKey && await isCertifiedBy(candidate.bytes, known.certificate.bytes, address, nowMs);
    const wasRejected = known?.basis.trust.rejectedFingerprints.includes(candidate.fingerprint) ?? false;
    const { fingerprint } = candidate;
    const replacement = decideReplacement(known && comparable(known), { fingerprint, level: provenance.level, isCertifiedByKnown, wasRejected }, nowMs);
    if (known && replacement === 'merge') return this.#merge(known, candidate, provenance, nowMs);
    if (known && replacement === 'refuse') return this.#refuse(known, candidate, provenance, nowMs);
    if (replacement === 'ignore') return { outcome: 'ignored', fingerprint };
    return this.#take(address, known, candidate, provenance, nowMs);
  }

  #take(address: MailAddress, known: Known | null, { fingerprint, bytes }: Certificate, provenance: Provenance, nowMs: number): Acceptance | null {
    const trust = newTrust(address, known?.basis.trust ?? null, fingerprint, provenance, nowMs);
    return this.#trustStore.save(trust, known?.basis ?? null, { fingerprint, bytes }) ? { outcome: 'accepted', fingerprint } : null;
  }

  async #merge({ basis, certificate }: Known, candidate: Certificate, { source, level }: Provenance, nowMs: number): Promise<Acceptance | null> {
    const { fingerprint } = candidate;
    const bytes = Buffer.compare(certificate.bytes, candidate.bytes) === 0 ? candidate.bytes : await mergeCertificates(certificate.bytes, candidate.bytes, nowMs);
    const raised = compareLevels(level, basis.trust.level) > 0 ? { level, source } : {};
    const checked = isDirectory(source) ? { lastCheckedAtMs: nowMs } : {};
    const trust = { ...basis.trust, ...raised, ...checked };
    return this.#trustStore.save(trust, basis, { fingerprint, bytes }) ? { outcome: 'merged', fingerprint } : null;
  }

  /** Kept beside the known one until the user has decided. */
  #refuse({ basis }: Known, { fingerprint, bytes }: Certificate, provenance: Provenance, nowMs: number): Acceptance | null {
    const trust = refusedTrust(basis.trust, fingerprint, provenance, nowMs);
    const isSaved = trust === null || this.#trustStore.save(trust, basis, { fingerprint, bytes });
    return isSaved ? { outcome: 'refused', fingerprint } : null;
  }
}

function comparable({ basis: { trust }, certificate: { expiresAtMs, isRevoked, canEncrypt } }: Known): KnownCertificate {
  const { fingerprint, level, wasUsedToEncrypt, wasUsedToVerify } = trust;
  return { fingerprint, level, expiresAtMs, isRevoked, canEncrypt, wasUsedToEncrypt, wasUsedToVerify };
}
