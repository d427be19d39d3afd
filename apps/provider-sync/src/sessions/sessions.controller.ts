import { Controller, Delete, Get, HttpCode, Post, UseGuards } from '@nestjs/common';
import { sessionFinishRequest, sessionStartRequest } from '@paloma/sync-protocol';
import type { CurrentSessionAnswer, SessionFinishAnswer, SessionFinishRequest, SessionStartAnswer, SessionStartRequest } from '@paloma/sync-protocol';
import { JsonBody } from '../http/body.js';
import { NO_CONTENT, OK } from '../http/status.js';
import { LoginService } from './login.service.js';
import { CurrentSession, SessionGuard } from './session.guard.js';
import type { StoredSession } from './session.repository.js';
import { SessionService } from './session.service.js';

/** docs/protocol/accounts.md §2. */
@Controller('v1/sessions')
export class SessionsController {
  constructor(private readonly login: LoginService, private readonly sessions: SessionService) {}

  @Post('start')
  @HttpCode(OK)
  start(@JsonBody(sessionStartRequest) request: SessionStartRequest): Promise<SessionStartAnswer> {
    return this.login.start(request);
  }

  @Post('finish')
  @HttpCode(OK)
  finish(@JsonBody(sessionFinishRequest) request: SessionFinishRequest): Promise<SessionFinishAnswer> {
    return this.login.finish(request);
  }

  @Get('current')
  @UseGuards(SessionGuard)
  current(@CurrentSession() session: StoredSession): Promise<CurrentSessionAnswer> {
    return this.sessions.describe(session);
  }

  @Delete('current')
  @HttpCode(NO_CONTENT)
  @UseGuards(SessionGuard)
  end(@CurrentSession() session: StoredSession): Promise<void> {
    return this.sessions.end(session);
  }
}
