import {
  newSubmissionCertificateAnswer, submissionCertificateListAnswer, usersPaths, type NewSubmissionCertificateAnswer, type SubmissionCertificateListAnswer,
} from '@paloma/sync-protocol';
import { absentWhen } from './absent-when.js';
import type { ProviderConnection } from './provider-connection.js';

/** TLS certificates by which programs of the user's submit mail without this daemon, docs/protocol/accounts.md §7. */
export class SubmissionCertificateClient {
  /** `connection` with a session: what is issued ends with it. */
  constructor(private readonly connection: ProviderConnection) {}

  /** `publicKey`: DER SubjectPublicKeyInfo. @throws {StoreError} "forbidden" when the account has its number of them; "notFound" from a provider that issues none */
  issue(publicKey: Uint8Array): Promise<NewSubmissionCertificateAnswer> {
    return this.connection.sendJson('POST', usersPaths.submissionCertificates, newSubmissionCertificateAnswer, { publicKey: Buffer.from(publicKey).toString('base64url') });
  }

  async list(): Promise<SubmissionCertificateListAnswer['certificates']> {
    return (await this.connection.sendJson('GET', usersPaths.submissionCertificates, submissionCertificateListAnswer)).certificates;
  }

  /** False when there is none. */
  async revoke(certificateId: string): Promise<boolean> {
    const answer = await absentWhen('notFound', () => this.connection.send({ method: 'DELETE', path: usersPaths.submissionCertificate(certificateId) }));
    await answer?.discard();
    return answer !== null;
  }
}
