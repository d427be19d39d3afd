// The Web Key Directory, draft-koch-openpgp-webkey-service §3: how everybody else finds the certificates of our accounts.
// One name at a time, no list. Clients run in browsers too, hence Access-Control-Allow-Origin (§4.5 there).

import { Controller, Get, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Configuration } from '../config/configuration.js';
import { peerOf } from '../http/peer.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { WireError } from '../wire-error.js';
import { CertificateRepository } from './certificate.repository.js';
import { QueryLimit } from './query-limit.js';

const ZBASE32_SHA1 = /^[ybndrfg8ejkmcpqxot1uwisza345h769]{32}$/;

@Controller('.well-known/openpgpkey')
export class WebKeyDirectoryController {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly limit: QueryLimit,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
  ) {}

  @Get('hu/:hash')
  direct(@Param('hash') hash: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.#answer(hash, request, response);
  }

  @Get(':domain/hu/:hash')
  advanced(@Param('domain') domain: string, @Param('hash') hash: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    this.#assertOurs(domain);
    return this.#answer(hash, request, response);
  }

  /** An empty file says that there is a directory. */
  @Get('policy')
  directPolicy(@Res() response: Response): void {
    sendOpenly(response, 'text/plain', Buffer.alloc(0));
  }

  @Get(':domain/policy')
  advancedPolicy(@Param('domain') domain: string, @Res() response: Response): void {
    this.#assertOurs(domain);
    sendOpenly(response, 'text/plain', Buffer.alloc(0));
  }

  async #answer(hash: string, request: Request, response: Response): Promise<void> {
    this.limit.count(peerOf(request));
    const certificate = ZBASE32_SHA1.test(hash) ? await this.certificates.findByWkdHash(hash) : null;
    response.setHeader('Access-Control-Allow-Origin', '*');
    if (!certificate) throw new WireError('notFound', 'no certificate of this name');
    sendOpenly(response, 'application/octet-stream', certificate);
  }

  #assertOurs(domain: string): void {
    if (domain.toLowerCase() !== this.configuration.domain) throw new WireError('notFound', 'not our domain');
  }
}

function sendOpenly(response: Response, mediaType: string, octets: Uint8Array): void {
  response.setHeader('Access-Control-Allow-Origin', '*').type(mediaType).send(octets);
}
