import { Controller, Get, HttpCode, Inject, Put, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { RandomSource } from '@paloma/shared-model';
import { MAX_VAULT_BYTES } from '@paloma/sync-protocol';
import { readBody } from '../http/body.js';
import { NO_CONTENT } from '../http/status.js';
import { RANDOM } from '../injection-tokens.js';
import { randomId } from '../random-id.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { WireError } from '../wire-error.js';
import { VaultRepository } from './vault.repository.js';

/** docs/protocol/accounts.md §3: octets with compare-and-swap, so that two first devices end with one vault. */
@Controller('v1/vault')
@UseGuards(SessionGuard)
export class VaultController {
  constructor(private readonly vaults: VaultRepository, @Inject(RANDOM) private readonly random: RandomSource) {}

  @Get()
  async fetch(@CurrentSession() { accountId }: StoredSession, @Res() response: Response): Promise<void> {
    const vault = await this.vaults.find(accountId);
    if (!vault) throw new WireError('notFound', 'no vault yet');
    response.setHeader('ETag', `"${vault.version}"`).type('application/octet-stream').send(vault.sealed);
  }

  @Put()
  @HttpCode(NO_CONTENT)
  async save(@CurrentSession() { accountId }: StoredSession, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<void> {
    const expected = expectedVersion(request);
    const sealed = await readBody(request, MAX_VAULT_BYTES);
    if (sealed.length === 0) throw new WireError('badRequest', 'empty vault');
    const version = randomId(this.random);
    if (!(await this.vaults.save(accountId, { version, sealed }, expected))) throw new WireError('preconditionFailed', 'another device was faster');
    response.setHeader('ETag', `"${version}"`);
  }
}

/** Null: there must be none yet. RFC 9110 §13.1; a write without a condition is refused. */
function expectedVersion({ headers }: Request): string | null {
  if (headers['if-none-match'] === '*') return null;
  const version = /^"([A-Za-z0-9_-]{1,64})"$/.exec(headers['if-match'] ?? '')?.[1];
  if (version === undefined) throw new WireError('badRequest', 'If-None-Match: * or If-Match is needed');
  return version;
}
