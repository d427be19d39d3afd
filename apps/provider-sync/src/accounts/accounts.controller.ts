import { Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';
import { accountFinishRequest, accountStartRequest, PROTOCOL_VERSION } from '@paloma/sync-protocol';
import type { AccountFinishAnswer, AccountFinishRequest, AccountStartAnswer, AccountStartRequest, DiscoveryAnswer } from '@paloma/sync-protocol';
import type { Configuration } from '../config/configuration.js';
import { JsonBody } from '../http/body.js';
import { OK } from '../http/status.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { RegistrationService } from './registration.service.js';

/** Discovery and sign-up, docs/protocol/accounts.md §1 and §2. */
@Controller()
export class AccountsController {
  constructor(private readonly registration: RegistrationService, @Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  @Get('.well-known/paloma')
  discovery(): DiscoveryAnswer {
    const { domain, registration, submission, users } = this.configuration;
    return {
      v: PROTOCOL_VERSION, domain, apiUrl: users.publicUrl, registration,
      submission: { ...submission, implicitTls: true }, limits: { messageBytes: MAX_MESSAGE_BYTES },
    };
  }

  @Post('v1/accounts/start')
  @HttpCode(OK)
  start(@JsonBody(accountStartRequest) request: AccountStartRequest): Promise<AccountStartAnswer> {
    return this.registration.start(request);
  }

  @Post('v1/accounts/finish')
  finish(@JsonBody(accountFinishRequest) request: AccountFinishRequest): Promise<AccountFinishAnswer> {
    return this.registration.finish(request);
  }
}
