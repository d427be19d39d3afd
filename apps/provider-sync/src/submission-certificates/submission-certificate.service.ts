import { Inject, Injectable } from '@nestjs/common';
import type { AccountId, Clock, RandomSource } from '@paloma/shared-model';
import type { NewSubmissionCertificateAnswer, VerifySessionAnswer } from '@paloma/sync-protocol';
import { CLOCK, RANDOM, SUBMISSION_AUTHORITY } from '../injection-tokens.js';
import { randomId } from '../random-id.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { assertEnabled, SessionService } from '../sessions/session.service.js';
import { WireError } from '../wire-error.js';
import { acceptablePublicKey } from './acceptable-public-key.js';
import type { SubmissionAuthority } from './submission-authority.js';
import { SubmissionCertificateRepository, type ListedSubmissionCertificate } from './submission-certificate.repository.js';

/** docs/protocol/accounts.md §7: long enough for a monthly renewal, short enough that one nobody renews is soon worth nothing. */
const LIFETIME_MS = 35 * 24 * 60 * 60_000;
/** Of one account at once; without it a session could fill the table. */
const MAX_CERTIFICATES = 20;
/** A clock that is a little late must not take a new certificate for one of tomorrow. */
const BACKDATED_MS = 60 * 60_000;

@Injectable()
export class SubmissionCertificateService {
  constructor(
    private readonly certificates: SubmissionCertificateRepository,
    private readonly sessions: SessionService,
    @Inject(SUBMISSION_AUTHORITY) private readonly authority: SubmissionAuthority,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
  ) {}

  /** @throws {WireError} "badRequest" for a key that is none or too weak, "forbidden" when the account has its number of them */
  async issue(session: StoredSession, subjectPublicKeyInfo: Uint8Array): Promise<NewSubmissionCertificateAnswer> {
    const publicKey = acceptablePublicKey(subjectPublicKeyInfo);
    if (publicKey === null) throw new WireError('badRequest', 'no public key that can be certified');
    const certificateId = randomId(this.random);
    const createdAtMs = this.clock.nowMs();
    const expiresAtMs = createdAtMs + LIFETIME_MS;
    const { der, sha256 } = await this.authority.issue({ publicKey, certificateId, notBeforeMs: createdAtMs - BACKDATED_MS, notAfterMs: expiresAtMs });
    const outcome = await this.certificates.add(session, { certificateId, sha256, createdAtMs, expiresAtMs }, MAX_CERTIFICATES);
    if (outcome === 'full') throw new WireError('forbidden', `more than ${MAX_CERTIFICATES} certificates`);
    if (outcome === 'sessionEnded') throw new WireError('unauthorized', 'the session ended meanwhile');
    return { certificateId, certificate: Buffer.from(der).toString('base64url'), expiresAtMs };
  }

  /** Who may submit with it. @throws {WireError} "unauthorized" for one that is unknown, expired or revoked, or whose session is over, "accountDisabled" */
  async verify(sha256: Uint8Array): Promise<VerifySessionAnswer> {
    const session = await this.certificates.findSession(sha256, this.clock.nowMs());
    if (!session || this.sessions.isExpired(session)) throw new WireError('unauthorized', 'no such certificate');
    assertEnabled(session);
    return { accountId: session.accountId, addresses: await this.sessions.listAddresses(session) };
  }

  list(accountId: AccountId): Promise<ListedSubmissionCertificate[]> {
    return this.certificates.list(accountId, this.clock.nowMs());
  }

  /** @throws {WireError} "notFound" */
  async revoke(accountId: AccountId, certificateId: string): Promise<void> {
    if (!(await this.certificates.remove(accountId, certificateId))) throw new WireError('notFound', 'no such certificate');
  }
}
