import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { equalInConstantTime, hashToken } from '@paloma/crypto/public';
import type { Redacted } from '@paloma/shared-model';
import { bearerToken } from '../http/bearer-token.js';
import { SERVICE_TOKENS } from '../injection-tokens.js';
import { WireError } from '../wire-error.js';

/** Lets in provider-mx, docs/protocol/services-api.md. Hashes are compared, so that not even lengths show. */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  readonly #hashes: readonly Uint8Array[];

  constructor(@Inject(SERVICE_TOKENS) tokens: Redacted<readonly string[]>) {
    this.#hashes = tokens.reveal().map(hashToken);
  }

  canActivate(context: ExecutionContext): boolean {
    const shown = hashToken(bearerToken(context.switchToHttp().getRequest<Request>()));
    const matches = this.#hashes.map((hash) => equalInConstantTime(hash, shown));
    if (!matches.includes(true)) throw new WireError('unauthorized', 'not a service token');
    return true;
  }
}
