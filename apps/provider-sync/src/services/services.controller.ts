import { Controller, Get, HttpCode, Inject, Param, Post, Put, Req, Res, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import { canonicalAddress, parseAccountId, parseIncomingItemId, parseMailAddress, type AccountId, type MailAddress } from '@paloma/shared-model';
import { deliveryRequest, MAX_DELIVERY_BODY_BYTES, MAX_INCOMING_ITEM_BYTES, verifySessionRequest, verifySubmissionCertificateRequest } from '@paloma/sync-protocol';
import type { DeliveryAnswer, DeliveryRequest, RecipientAnswer, VerifySessionAnswer, VerifySessionRequest, VerifySubmissionCertificateRequest } from '@paloma/sync-protocol';
import { boxAddressOf } from '../accounts/reserved-names.js';
import type { Configuration } from '../config/configuration.js';
import { CertificateRepository } from '../directory/certificate.repository.js';
import { announcedBytes, bodyChunks, CborBody, JsonBody } from '../http/body.js';
import { CREATED, OK } from '../http/status.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { DeliveryService } from '../incoming/delivery.service.js';
import { note } from '../logging/log.js';
import { SessionService } from '../sessions/session.service.js';
import { SubmissionCertificateService } from '../submission-certificates/submission-certificate.service.js';
import { WireError } from '../wire-error.js';
import { ServiceTokenGuard } from './service-token.guard.js';

/** docs/protocol/services-api.md §2 to §4. */
@Controller('services')
@UseGuards(ServiceTokenGuard)
export class ServicesController {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    private readonly certificates: CertificateRepository,
    private readonly delivery: DeliveryService,
    private readonly sessions: SessionService,
    private readonly submissionCertificates: SubmissionCertificateService,
  ) {}

  @Get('v1/recipients/:address')
  async recipient(@Param('address') addressText: string): Promise<RecipientAnswer> {
    const address = parseAddressOrNull(addressText);
    const recipient = address && await this.certificates.findRecipient(boxAddressOf(address, this.configuration));
    if (!recipient) throw new WireError('notFound', 'no such mailbox');
    const { certificate, ...facts } = recipient;
    return { ...facts, certificate: certificate && Buffer.from(certificate).toString('base64url') };
  }

  @Put('v1/incoming/:accountId/:itemId')
  async deliver(@Param('accountId') account: string, @Param('itemId') item: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    if ((announcedBytes(request) ?? 0) > MAX_INCOMING_ITEM_BYTES) throw new WireError('tooLarge', `item over limit ${MAX_INCOMING_ITEM_BYTES}`);
    const accountId = parseAccountOrRefuse(account);
    note(response, { accountIds: [accountId], itemsDelivered: 1 });
    const outcome = await this.delivery.deliver(accountId, parseIncomingItemId(item), bodyChunks(request));
    response.status(outcome === 'stored' ? CREATED : OK).end();
  }

  @Post('v2/incoming')
  @HttpCode(OK)
  async deliverAll(@CborBody(deliveryRequest, MAX_DELIVERY_BODY_BYTES) request: DeliveryRequest, @Res({ passthrough: true }) response: Response): Promise<DeliveryAnswer> {
    note(response, { accountIds: request.items.map(({ accountId }) => accountId), itemsDelivered: request.items.length });
    return { outcomes: await this.delivery.deliverAll(request) };
  }

  @Post('v1/sessions/verify')
  @HttpCode(OK)
  async verify(@JsonBody(verifySessionRequest) { token }: VerifySessionRequest): Promise<VerifySessionAnswer> {
    const session = await this.sessions.verify(token);
    return { accountId: session.accountId, addresses: await this.sessions.listAddresses(session) };
  }

  @Post('v3/submission-certificates/verify')
  @HttpCode(OK)
  verifyCertificate(@JsonBody(verifySubmissionCertificateRequest) { sha256 }: VerifySubmissionCertificateRequest): Promise<VerifySessionAnswer> {
    return this.submissionCertificates.verify(Buffer.from(sha256, 'base64url'));
  }
}

/** What is no address has no mailbox. */
function parseAddressOrNull(text: string): MailAddress | null {
  try {
    return canonicalAddress(parseMailAddress(text));
  } catch {
    return null;
  }
}

function parseAccountOrRefuse(text: string): AccountId {
  try {
    return parseAccountId(text);
  } catch {
    throw new WireError('notFound', 'no such account');
  }
}
