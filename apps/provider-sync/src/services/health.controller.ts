import { Controller, Get } from '@nestjs/common';
import { Database } from '../database/database.js';
import { WireError } from '../wire-error.js';

/** docs/protocol/services-api.md §1. */
@Controller('health')
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('live')
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  @Get('ready')
  async ready(): Promise<{ status: 'ready' }> {
    try {
      await this.database.rows('SELECT 1');
    } catch {
      throw new WireError('unavailable', 'the database does not answer');
    }
    return { status: 'ready' };
  }
}
