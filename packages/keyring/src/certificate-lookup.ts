// Which certificate to use for an address now: what is known, refreshed from the directory when it is old or no longer usable.
// An outage of the directory never takes a usable certificate away, and never turns into "no key".

import { canonicalAddress, type Clock, type MailAddress, type ValidationLevel } from '@paloma/shared-model';
import { parseCertificate, type Certificate } from '@paloma/crypto/public';
import type { CertificateDirectory, DirectoryAnswer } from './certificate-directory.js';
import type { CertificateIntake } from './certificate-intake.js';
import { RecentAnswers } from './recent-answers.js';
import type { TrustStore } from './trust-store.js';
import { LEVEL_EARNED_BY } from './validation-level.js';

interface ResolvedCertificate {
  certificate: Uint8Array;
  fingerprint: string;
  level: ValidationLevel;
}

export type KeyResolution =
  /** The user compared the fingerprint. */
  | { state: 'verified' } & ResolvedCertificate
  | { state: 'found' } & ResolvedCertificate
  /** Another certificate appeared that the rules refused; this is the known one. Wait for the user before sending. */
  | { state: 'keyChanged' } & ResolvedCertificate
  /** Authoritative: there is none that could be used. */
  | { state: 'noKey' }
  /** Not known and could not be asked: try again. */
  | { state: 'lookupFailed' };

/** A correspondent's revocation is noticed within a day. */
const REFRESH_AFTER_MS = 24 * 60 * 60_000;

type LocalAnswer = { resolution: KeyResolution; isUsable: boolean; isFresh: boolean } | null;

export class CertificateLookup {
  readonly #trustStore: TrustStore;
  readonly #intake: CertificateIntake;
  readonly #directory: CertificateDirectory;
  readonly #clock: Clock;
  readonly #recent: RecentAnswers<DirectoryAnswer>;
  readonly #running = new Map<string, Promise<DirectoryAnswer>>();

  constructor(parts: { trustStore: TrustStore; intake: CertificateIntake; directory: CertificateDirectory; clock: Clock }) {
    this.#trustStore = parts.trustStore;
    this.#intake = parts.intake;
    this.#directory = parts.directory;
    this.#clock = parts.clock;
    this.#recent = new RecentAnswers(parts.clock);
  }

  async resolve(address: MailAddress): Promise<KeyResolution> {
    const local = await this.#askLocally(address);
    if (local && (local.resolution.state === 'keyChanged' || (local.isUsable && local.isFresh))) return local.resolution;
    const answer = await this.#askDirectory(canonicalAddress(address));
    const refreshed = await this.#askLocally(address);
    if (refreshed && (refreshed.isUsable || refreshed.resolution.state === 'keyChanged')) return refreshed.resolution;
    return { state: answer === 'lookupFailed' ? 'lookupFailed' : 'noKey' };
  }

  /** Asks the directory about the address that was not checked for the longest time. For a timer with random intervals. */
  async refreshOldest(): Promise<void> {
    const [oldest] = this.#trustStore.list().sort((a, b) => a.lastCheckedAtMs - b.lastCheckedAtMs);
    if (oldest) await this.#askDirectory(oldest.address as MailAddress);
  }

  async #askLocally(address: MailAddress): Promise<LocalAnswer> {
    const known = await this.#intake.known(address);
    if (!known) return null;
    const { trust } = known.basis;
    const { bytes: certificate, canEncrypt } = known.certificate;
    const resolved = { certificate, fingerprint: trust.fingerprint, level: trust.level };
    const state = trust.refusedFingerprint !== null ? 'keyChanged' : trust.level === 'fingerprint' ? 'verified' : 'found';
    return { resolution: { state, ...resolved }, isUsable: canEncrypt, isFresh: this.#clock.nowMs() - trust.lastCheckedAtMs < REFRESH_AFTER_MS };
  }

  /** One question at a time for each address, and its answer taken in before anybody hears of it. */
  #askDirectory(address: MailAddress): Promise<DirectoryAnswer> {
    const recent = this.#recent.get(address);
    if (recent) return Promise.resolve(recent);
    const running = this.#running.get(address) ?? this.#ask(address).finally(() => this.#running.delete(address));
    this.#running.set(address, running);
    return running;
  }

  async #ask(address: MailAddress): Promise<DirectoryAnswer> {
    const answer = await this.#directory.lookUp(address);
    if (typeof answer === 'object') await this.#takeIn(address, answer);
    if (answer !== 'lookupFailed') this.#trustStore.change(address, (trust) => ({ ...trust, lastCheckedAtMs: this.#clock.nowMs() }));
    this.#recent.set(address, answer);
    return answer;
  }

  /** The known certificate first, to renew it; a further one only while there is none that can be used. */
  async #takeIn(address: MailAddress, { found, source }: Exclude<DirectoryAnswer, string>): Promise<void> {
    for (const certificate of await this.#inOrder(address, found)) {
      await this.#intake.accept(address, certificate.bytes, { source, level: LEVEL_EARNED_BY[source] });
      if ((await this.#askLocally(address))?.isUsable) return;
    }
  }

  async #inOrder(address: MailAddress, found: readonly Uint8Array[]): Promise<Certificate[]> {
    const parsed = await Promise.all(found.map((bytes) => parseCertificate(bytes, this.#clock.nowMs())));
    const certificates = parsed.flatMap((result) => (result.ok ? [result.certificate] : []));
    const known = this.#trustStore.load(address)?.trust.fingerprint;
    return certificates.sort((a, b) => Number(b.fingerprint === known) - Number(a.fingerprint === known) || b.createdAtMs - a.createdAtMs);
  }
}
