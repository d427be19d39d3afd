import { Controller, Get, Res, UseGuards } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { EventConnections } from './event-connections.js';

/** docs/protocol/sync.md §7. */
@Controller('v1/events')
@UseGuards(SessionGuard)
export class EventsController {
  constructor(private readonly connections: EventConnections) {}

  @Get()
  listen(@CurrentSession() session: StoredSession, @Res() response: Response): Promise<void> {
    return this.connections.accept(session, response);
  }
}
