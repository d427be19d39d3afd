import { Inject, Injectable } from '@nestjs/common';
import { opaqueAnswerRegistration } from '@paloma/crypto/public';
import { canonicalAddress, domainOf, localPartOf, parseAccountId, Redacted, type AccountId, type Clock, type MailAddress, type RandomSource } from '@paloma/shared-model';
import type { AccountFinishRequest, AccountStartRequest } from '@paloma/sync-protocol';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION, OPAQUE_SETUP, RANDOM } from '../injection-tokens.js';
import { randomId } from '../random-id.js';
import { WireError } from '../wire-error.js';
import { AccountRepository } from './account.repository.js';
import { isReservedName } from './reserved-names.js';

/** RFC 9807 §3.1.2 with ristretto255 and SHA-512: public key 32, masking key 64, envelope 32 + 64 octets. */
const REGISTRATION_RECORD_BYTES = 192;

/** Sign-up, docs/protocol/accounts.md §2. Two steps, because OPAQUE never shows the provider the passphrase. */
@Injectable()
export class RegistrationService {
  constructor(
    private readonly accounts: AccountRepository,
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(OPAQUE_SETUP) private readonly opaqueSetup: Redacted<string>,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RANDOM) private readonly random: RandomSource,
  ) {}

  async start({ address, registrationRequest }: AccountStartRequest): Promise<{ registrationResponse: string }> {
    const name = this.acceptableName(address);
    if (await this.accounts.isAddressTaken(name)) throw new WireError('addressTaken', 'address is taken');
    return { registrationResponse: opaqueAnswerRegistration({ setup: this.opaqueSetup.reveal(), address: name, registrationRequest }) };
  }

  async finish({ address, registrationRecord, inviteCode }: AccountFinishRequest): Promise<{ accountId: AccountId }> {
    const name = this.acceptableName(address);
    assertRegistrationRecord(registrationRecord);
    const accountId = parseAccountId(randomId(this.random));
    const { quotaBytes } = this.configuration;
    const outcome = await this.accounts.create({ accountId, address: name, registrationRecord, quotaBytes, createdAtMs: this.clock.nowMs() }, this.invitation(inviteCode));
    if (outcome !== 'created') throw new WireError(outcome, 'account was not made');
    return { accountId };
  }

  private acceptableName(address: MailAddress): MailAddress {
    const name = canonicalAddress(address);
    const isOurs = domainOf(name) === this.configuration.domain;
    if (this.configuration.registration === 'closed' || !isOurs || isReservedName(localPartOf(name))) {
      throw new WireError('forbidden', 'this address cannot be registered here');
    }
    return name;
  }

  private invitation(code: string | undefined): Redacted<string> | null {
    if (this.configuration.registration !== 'invite') return null;
    if (code === undefined) throw new WireError('invalidInvite', 'an invitation is needed');
    return new Redacted(code);
  }
}

/** @throws {WireError} "badRequest" */
export function assertRegistrationRecord(record: string): void {
  if (Buffer.from(record, 'base64url').length !== REGISTRATION_RECORD_BYTES) throw new WireError('badRequest', 'registration record of a wrong size');
}
