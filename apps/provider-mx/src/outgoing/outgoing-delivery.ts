import { Inject, Injectable } from '@nestjs/common';
import type { MailAddress } from '@paloma/shared-model';
import { IncomingDelivery } from '../incoming/incoming-delivery.js';
import { RELAY } from '../injection-tokens.js';
import { formatReply, REPLIES } from '../smtp/smtp-reply.js';
import type { AttemptResult, DeliveryFailure } from './attempt-result.js';
import type { Claim } from './outgoing-queue.js';
import type { Relay } from './relay.js';
import { Router } from './route.js';

/** What an operator's `queue fail` comes to. */
const GIVEN_UP: DeliveryFailure = { status: '5.0.0', diagnostic: 'given up by the operator of this host', remoteMta: null };

/** One attempt for the recipients of one message in one domain. */
@Injectable()
export class OutgoingDelivery {
  constructor(
    private readonly router: Router,
    private readonly incoming: IncomingDelivery,
    @Inject(RELAY) private readonly relay: Relay,
  ) {}

  /** A result for each recipient of the claim, in their order. */
  async attempt(claim: Claim): Promise<AttemptResult[]> {
    if (claim.isGivenUp) return claim.recipients.map(() => ({ kind: 'failed', failure: GIVEN_UP }));
    const route = await this.router.findRoute(claim.destination, claim.isTlsReport);
    const forwardPaths = claim.recipients.map(({ forwardPath }) => forwardPath);
    if (route.kind === 'hosts') return this.relay.send(route.hosts, { ...claim, forwardPaths, notifications: { ...claim, recipients: claim.recipients.map(({ request }) => request) } });
    if (route.kind !== 'local') return forwardPaths.map(() => route);
    const results: AttemptResult[] = [];
    for (const forwardPath of forwardPaths) results.push(await this.#deliverHere(claim, forwardPath));
    return results;
  }

  /** Mail between users of this provider takes the same last step as mail from outside. */
  async #deliverHere({ reversePath, octets }: Claim, forwardPath: MailAddress): Promise<AttemptResult> {
    const recipient = await this.incoming.findRecipient(forwardPath);
    const result = typeof recipient === 'string'
      ? recipient
      : await this.incoming.deliver({ reversePath, dataOctets: octets, authenticationResults: null }, { forwardPath, recipient, received: null });
    if (result === 'delivered') return { kind: 'delivered', notice: 'delivered' };
    const reply = REPLIES[result];
    const failure = { status: reply.enhancedCode, diagnostic: formatReply(reply), remoteMta: null };
    return { kind: reply.code >= 500 ? 'failed' : 'deferred', failure };
  }
}
