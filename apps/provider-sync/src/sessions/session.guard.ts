import { createParamDecorator, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { Request, Response } from 'express';
import { bearerToken } from '../http/bearer-token.js';
import { note } from '../logging/log.js';
import type { StoredSession } from './session.repository.js';
import { SessionService } from './session.service.js';

const SESSION = Symbol('session');
type RequestWithSession = Request & { [SESSION]?: StoredSession };

/** Lets in who shows a session token. The account of the request is the session's, nothing else names it. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(private readonly sessions: SessionService) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<RequestWithSession>();
    const session = await this.sessions.verify(bearerToken(request));
    request[SESSION] = session;
    note(context.switchToHttp().getResponse<Response>(), { accountIds: [session.accountId] });
    return true;
  }
}

/** The session that the guard found. */
export const CurrentSession = createParamDecorator((_: unknown, context: ExecutionContext): StoredSession => {
  const session = context.switchToHttp().getRequest<RequestWithSession>()[SESSION];
  if (!session) throw new Error('a handler asked for the session without the guard');
  return session;
});
