import { Controller, HttpCode, Post } from '@nestjs/common';
import { credentialFinishRequest, credentialStartRequest, MAX_VAULT_BYTES } from '@paloma/sync-protocol';
import type { CredentialFinishAnswer, CredentialFinishRequest, CredentialStartAnswer, CredentialStartRequest } from '@paloma/sync-protocol';
import { JsonBody } from '../http/body.js';
import { OK } from '../http/status.js';
import { CredentialService } from './credential.service.js';

/** A vault in base64url, and the OPAQUE messages. */
const MAX_CHANGE_BYTES = 2 * MAX_VAULT_BYTES;

/** docs/protocol/accounts.md §5. No session is needed: the log-in that comes with the request is the stronger proof. */
@Controller('v1/credentials')
export class CredentialsController {
  constructor(private readonly credentials: CredentialService) {}

  @Post('start')
  @HttpCode(OK)
  start(@JsonBody(credentialStartRequest) request: CredentialStartRequest): Promise<CredentialStartAnswer> {
    return this.credentials.start(request);
  }

  @Post('finish')
  @HttpCode(OK)
  finish(@JsonBody(credentialFinishRequest, MAX_CHANGE_BYTES) request: CredentialFinishRequest): Promise<CredentialFinishAnswer> {
    return this.credentials.finish(request);
  }
}
