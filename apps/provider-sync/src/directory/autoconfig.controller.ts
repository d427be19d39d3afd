// What mail programs ask the domain of an address, to configure themselves. Their servers are on the user's own machine.

import { Controller, Get, Header, Inject } from '@nestjs/common';
import { DEFAULT_MAIL_PROGRAM_SERVERS, formatAutoconfig } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';

@Controller()
export class AutoconfigController {
  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {}

  /** At `autoconfig.<domain>` and below the domain itself; the same for every address. */
  @Get(['mail/config-v1.1.xml', '.well-known/autoconfig/mail/config-v1.1.xml'])
  @Header('Content-Type', 'text/xml; charset=utf-8')
  autoconfig(): string {
    return formatAutoconfig(this.configuration.domain, DEFAULT_MAIL_PROGRAM_SERVERS);
  }
}
