import { Inject, Injectable } from '@nestjs/common';
import { concatOctets } from '@paloma/mail-format';
import type { Clock } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { CLOCK, CONFIGURATION, DKIM_KEYS } from '../injection-tokens.js';
import type { DkimKey } from './dkim-key.js';
import { dkimSignatures } from './dkim-signature.js';

/** Signs in the name of the provider's domain, with every key there is. */
@Injectable()
export class DkimSigner {
  constructor(
    @Inject(CONFIGURATION) private readonly configuration: Configuration,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(DKIM_KEYS) private readonly keys: readonly DkimKey[],
  ) {}

  sign(message: Uint8Array): Uint8Array {
    const signatures = dkimSignatures(message, this.keys, { domain: this.configuration.domain, nowMs: this.clock.nowMs() });
    return concatOctets([Buffer.from(signatures, 'latin1'), message]);
  }
}
