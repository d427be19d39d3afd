import { Controller, HttpCode, Inject, Param, Put, Req, UseGuards } from '@nestjs/common';
import type { Request } from 'express';
import { parseCertificate, wkdHash } from '@paloma/crypto/public';
import { canonicalAddress, localPartOf, parseMailAddress, type Clock, type MailAddress } from '@paloma/shared-model';
import { MAX_CERTIFICATE_BYTES } from '@paloma/sync-protocol';
import { readBody } from '../http/body.js';
import { NO_CONTENT } from '../http/status.js';
import { CLOCK } from '../injection-tokens.js';
import { CurrentSession, SessionGuard } from '../sessions/session.guard.js';
import type { StoredSession } from '../sessions/session.repository.js';
import { SessionService } from '../sessions/session.service.js';
import { WireError } from '../wire-error.js';
import { CertificateRepository } from './certificate.repository.js';

/** docs/protocol/accounts.md §4: the owner of an address publishes its certificate. */
@Controller('v1/certificates')
@UseGuards(SessionGuard)
export class CertificatesController {
  constructor(
    private readonly certificates: CertificateRepository,
    private readonly sessions: SessionService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Put(':address')
  @HttpCode(NO_CONTENT)
  async publish(@CurrentSession() session: StoredSession, @Param('address') addressText: string, @Req() request: Request): Promise<void> {
    const address = canonicalAddress(parseMailAddress(addressText));
    const addresses = await this.sessions.listAddresses(session);
    if (!addresses.includes(address)) throw new WireError('forbidden', 'the address is not of this account');
    const transferablePublicKey = await this.#readCertificate(request, address);
    await this.certificates.save({ accountId: session.accountId, address, wkdHash: wkdHash(localPartOf(address)), transferablePublicKey });
  }

  async #readCertificate(request: Request, address: MailAddress): Promise<Uint8Array> {
    const parsed = await parseCertificate(await readBody(request, MAX_CERTIFICATE_BYTES), this.clock.nowMs());
    if (!parsed.ok) throw new WireError(parsed.reason === 'tooBig' ? 'tooLarge' : 'badRequest', `certificate refused: ${parsed.reason}`);
    if (!parsed.certificate.addresses.includes(address)) throw new WireError('badRequest', 'the address is in no user id of the certificate');
    return parsed.certificate.bytes;
  }
}
