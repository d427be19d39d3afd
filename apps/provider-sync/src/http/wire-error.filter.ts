import { Catch, Injectable, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Log } from '../logging/log.js';
import { WireError } from '../wire-error.js';
import { statusOf, wireCodeOf } from './error-table.js';

/** Seconds after which a client should try an outage again. */
const OUTAGE_RETRY_SECONDS = 5;

/** The only catch of a request. */
@Injectable()
@Catch()
export class WireErrorFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const code = wireCodeOf(error);
    if (code === 'internal' && !isClientGone(error)) this.log.bug(error, request);
    if (response.headersSent) return void response.destroy();   // half an answer: only cutting it off tells the client
    setDetails(response, error, code === 'unavailable');
    response.status(statusOf(code)).json({ error: code });
  }
}

function setDetails(response: Response, error: unknown, isOutage: boolean): void {
  const details = error instanceof WireError ? error.details : {};
  const retryAfterSeconds = details.retryAfterSeconds ?? (isOutage ? OUTAGE_RETRY_SECONDS : null);
  if (retryAfterSeconds !== null) response.setHeader('Retry-After', String(retryAfterSeconds));
  if (details.entireBytes !== undefined) response.setHeader('Content-Range', `bytes */${details.entireBytes}`);   // RFC 9110 §15.5.17
}

function isClientGone(error: unknown): boolean {
  return error instanceof Error && ['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '');
}
