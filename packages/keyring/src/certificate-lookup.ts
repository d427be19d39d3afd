// Which certificate to use for an address now: what is known, refreshed from the directory when it is old or no longer usable.
// An outage of the directory never takes away a certificate that somebody vouched for, and never turns into "no key". What was
// only heard (level `weakChain`) serves after an authoritative answer alone, or one spoofed mail would choose the recipient.

import { canonicalAddress, type Clock, type MailAddress, type TrustDocument, type ValidationLevel } from '@paloma/shared-model';
import { parseCertificate, type Certificate } from '@paloma/crypto/public';
import type { CertificateDirectory, DirectoryAnswer } from './certificate-directory.js';
import type { CertificateIntake } from './certificate-intake.js';
import { RecentAnswers } from './recent-answers.js';
import { isContested } from './trust-changes.js';
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
  /** Another certificate appeared, trusted no less, that the rules refused; this is the known one. Wait for the user before sending. */
  | { state: 'keyChanged' } & ResolvedCertificate
  /** Authoritative: there is none that could be used. */
  | { state: 'noKey' }
  /** Not known, or only from hearsay, and could not be asked: try again. */
  | { state: 'lookupFailed' };

/** A correspondent's revocation is noticed within a day. */
const REFRESH_AFTER_MS = 24 * 60 * 60_000;

interface LocalAnswer {
  resolution: KeyResolution;
  isUsable: boolean;
  isFresh: boolean;
  /** Nobody but who wrote a mail in this name said so. */
  isHearsay: boolean;
}

export class CertificateLookup {
  readonly #trustStore: TrustStore;
  readonly #intake: CertificateIntake;
  readonly #directory: CertificateDirectory;
  readonly #clock: Clock;
  readonly #recent: RecentAnswers<DirectoryAnswer>;
  readonly #running = new Map<string, Promise<DirectoryAnswer>>();
  /** By address: when a refresh last tried, so that a directory that is out of order does not hold up all others. */
  readonly #refreshedAtMs = new Map<string, number>();

  constructor(parts: { trustStore: TrustStore; intake: CertificateIntake; directory: CertificateDirectory; clock: Clock }) {
    this.#trustStore = parts.trustStore;
    this.#intake = parts.intake;
    this.#directory = parts.directory;
    this.#clock = parts.clock;
    this.#recent = new RecentAnswers(parts.clock);
  }

  async resolve(address: MailAddress): Promise<KeyResolution> {
    const local = await this.#askLocally(address);
    if (local?.isFresh && isAnswer(local)) return local.resolution;
    const answer = await this.#askDirectory(canonicalAddress(address));
    const refreshed = await this.#askLocally(address);
    const isOutage = answer === 'lookupFailed';
    if (refreshed && isAnswer(refreshed) && !(isOutage && refreshed.isHearsay)) return refreshed.resolution;
    return { state: isOutage ? 'lookupFailed' : 'noKey' };
  }

  /** Asks the directory about the address that was not asked about for the longest time, unless all were within a day. */
  async refreshOldest(): Promise<void> {
    const nowMs = this.#clock.nowMs();
    const asked = this.#trustStore.list().map((trust) => ({ address: trust.address, atMs: this.#askedAtMs(trust) }));
    const [oldest] = asked.sort((a, b) => a.atMs - b.atMs);
    if (!oldest || nowMs - oldest.atMs < REFRESH_AFTER_MS) return;
    this.#refreshedAtMs.set(oldest.address, nowMs);
    await this.#askDirectory(oldest.address as MailAddress);
  }

  #askedAtMs(trust: TrustDocument): number {
    return Math.max(this.#checkedAtMs(trust), this.#refreshedAtMs.get(trust.address) ?? 0);
  }

  /** What another device whose clock is ahead wrote is no check: it would keep for as long as that clock is wrong. */
  #checkedAtMs({ lastCheckedAtMs }: TrustDocument): number {
    return lastCheckedAtMs <= this.#clock.nowMs() ? lastCheckedAtMs : 0;
  }

  async #askLocally(address: MailAddress): Promise<LocalAnswer | null> {
    const known = await this.#intake.known(address);
    if (!known) return null;
    const { trust } = known.basis;
    const { bytes: certificate, canEncrypt } = known.certificate;
    const resolved = { certificate, fingerprint: trust.fingerprint, level: trust.level };
    const state = isContested(trust, canEncrypt) ? 'keyChanged' : trust.level === 'fingerprint' ? 'verified' : 'found';
    return {
      resolution: { state, ...resolved },
      isUsable: canEncrypt,
      isFresh: this.#clock.nowMs() - this.#checkedAtMs(trust) < REFRESH_AFTER_MS,
      isHearsay: trust.level === 'weakChain',
    };
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
    if (answer !== 'lookupFailed') this.#markChecked(address);
    this.#recent.set(address, answer);
    return answer;
  }

  #markChecked(address: MailAddress): void {
    const nowMs = this.#clock.nowMs();
    this.#trustStore.change(address, (trust) => (trust.lastCheckedAtMs === nowMs ? null : { ...trust, lastCheckedAtMs: nowMs }));
  }

  /** The known certificate first, to renew it; a further one only while there is none that can be used. */
  async #takeIn(address: MailAddress, { found, source }: Exclude<DirectoryAnswer, string>): Promise<void> {
    for (const certificate of await this.#inOrder(address, found)) {
      const { outcome } = await this.#intake.accept(address, certificate.bytes, { source, level: LEVEL_EARNED_BY[source] });
      if (outcome !== 'unusable' && (await this.#askLocally(address))?.isUsable) return;
    }
  }

  async #inOrder(address: MailAddress, found: readonly Uint8Array[]): Promise<Certificate[]> {
    const parsed = await Promise.all(found.map((bytes) => parseCertificate(bytes, this.#clock.nowMs())));
    const certificates = parsed.flatMap((result) => (result.ok ? [result.certificate] : []));
    const known = this.#trustStore.load(address)?.trust.fingerprint;
    return certificates.sort((a, b) => Number(b.fingerprint === known) - Number(a.fingerprint === known) || b.createdAtMs - a.createdAtMs);
  }
}

/** Something to go on without asking further: a certificate to use, or a decision that only the user can make. */
function isAnswer({ isUsable, resolution }: LocalAnswer): boolean {
  return isUsable || resolution.state === 'keyChanged';
}
