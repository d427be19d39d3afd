import { Controller, Delete, Get, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { newSubmissionCertificateRequest, type NewSubmissionCertificateAnswer, type NewSubmissionCertificateRequest, type SubmissionCertificateListAnswer } from '@paloma/sync-protocol';
import { JsonBody } from '../http/body.js';
import { NO_CONTENT } from '../http/status.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { SubmissionCertificateService } from './submission-certificate.service.js';

/** docs/protocol/accounts.md §7. */
@Controller('v1/submission-certificates')
@UseGuards(SessionGuard)
export class SubmissionCertificatesController {
  constructor(private readonly certificates: SubmissionCertificateService) {}

  @Post()
  issue(@CurrentSession() session: StoredSession, @JsonBody(newSubmissionCertificateRequest) { publicKey }: NewSubmissionCertificateRequest): Promise<NewSubmissionCertificateAnswer> {
    return this.certificates.issue(session, Buffer.from(publicKey, 'base64url'));
  }

  @Get()
  async list(@CurrentSession() { accountId }: StoredSession): Promise<SubmissionCertificateListAnswer> {
    return { certificates: await this.certificates.list(accountId) };
  }

  @Delete(':certificateId')
  @HttpCode(NO_CONTENT)
  revoke(@CurrentSession() { accountId }: StoredSession, @Param('certificateId') certificateId: string): Promise<void> {
    return this.certificates.revoke(accountId, certificateId);
  }
}
