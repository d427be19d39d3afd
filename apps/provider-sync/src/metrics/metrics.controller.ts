import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { OK } from '../http/status.js';
import { Metrics } from './metrics.js';

/** For Prometheus; whoever reaches the services listener may read it, since it names nobody. */
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  async read(@Res() response: Response): Promise<void> {
    const { contentType, text } = await this.metrics.collect();
    response.status(OK).type(contentType).send(text);
  }
}
