// Whether mail is from whom it says: SPF (RFC 7208), DKIM (RFC 6376), DMARC (RFC 9989) and ARC (RFC 8617), by mailauth. What came out goes
// into the sealed message as Authentication-Results (RFC 8601); the owner of the From domain decides about mail that is not his.

import { Inject, Injectable } from '@nestjs/common';
import { authenticate, type AuthenticateResult } from 'mailauth';
import type { Configuration } from '../config/configuration.js';
import { CONFIGURATION } from '../injection-tokens.js';
import { SmtpRefusal } from '../smtp/smtp-reply.js';
import { dnsLookup } from './dns-lookup.js';
import { TrustedPeers } from './trusted-peers.js';

export interface Sender {
  /** Address of the peer, IPv4 or IPv6. */
  address: string;
  helo: string;
  /** Empty for the null reverse path. */
  reversePath: string;
}

/** For the whole examination; senders wait at least 10 minutes for the answer to DATA, RFC 5321 §4.5.3.2.6. */
const DEADLINE_MS = 30_000;

@Injectable()
export class SenderAuthentication {
  readonly #trusted: TrustedPeers;

  constructor(@Inject(CONFIGURATION) private readonly configuration: Configuration) {
    this.#trusted = new TrustedPeers(configuration);
  }

  /**
   * Value of the Authentication-Results field; null for a peer that is ours and was not examined.
   * @throws {SmtpRefusal} "failsSenderPolicy", "ambiguousAuthor", "missingAuthor"; "senderPolicyUnknown" while the DNS does not tell
   */
  async examine(message: Uint8Array, { address, helo, reversePath }: Sender): Promise<string | null> {
    const { authentication, dns, hostname } = this.configuration;
    if (this.#trusted.has(address)) return null;
    const octets = Buffer.from(message.buffer, message.byteOffset, message.byteLength);
    const examination = authenticate(octets, { ip: address, helo, sender: reversePath, mta: hostname, resolver: dnsLookup(dns.servers), disableBimi: true, strict: true });
    const result = await withinDeadline(examination);
    if (authentication.policy === 'apply') applyPolicy(result);
    return result === 'undecided' ? `${hostname}; none` : resultsOf(result);
  }
}

/**
 * DMARC judges one author domain (RFC 9989 §5.3.1). With several From fields or domains, one of whom nobody asks, any domain could be shown
 * as the sender whatever its policy says (§11.5 there); RFC 5322 §3.6 knows one field.
 */
const AMBIGUOUS: ReadonlySet<AuthenticateResult['dmarcSkipReason']> = new Set(['multiple-from-fields', 'multiple-author-domains', 'invalid-author-domain']);

/** RFC 9989 §5.3.6: what fails and whose domain says "reject" is refused; "quarantine" is for the recipient to see. */
function applyPolicy(result: AuthenticateResult | 'undecided'): void {
  if (result === 'undecided') throw new SmtpRefusal('senderPolicyUnknown');
  if (AMBIGUOUS.has(result.dmarcSkipReason)) throw new SmtpRefusal('ambiguousAuthor');
  // RFC 9989 §5.3.1 has nothing to judge, and leaves it to RFC 5322 §3.6.2, which has an author: else leaving him out would be the way past every policy.
  if (result.dmarc === false) throw new SmtpRefusal('missingAuthor');
  if (result.dmarc.status.result === 'temperror') throw new SmtpRefusal('senderPolicyUnknown');
  if (result.dmarc.status.result === 'fail' && result.dmarc.policy === 'reject') throw new SmtpRefusal(isDecided(result) ? 'failsSenderPolicy' : 'senderPolicyUnknown');
}

/** RFC 9989 §5.3.4: while SPF or a signature could not be looked up, mail that would pass with it is not refused for good. */
function isDecided({ spf, dkim }: AuthenticateResult): boolean {
  const outcomes = [spf === false ? 'none' : spf.status.result, ...dkim.results.map(({ status }) => status.result)];
  return !outcomes.includes('temperror');
}

/** The field is the first of those that mailauth writes. */
function resultsOf({ headers }: AuthenticateResult): string {
  return /^Authentication-Results: ([^]*?)\r\n(?![ \t])/.exec(headers)?.[1] ?? '';
}

async function withinDeadline(examination: Promise<AuthenticateResult>): Promise<AuthenticateResult | 'undecided'> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<'undecided'>((resolve) => { timer = setTimeout(() => resolve('undecided'), DEADLINE_MS); });
  try {
    return await Promise.race([examination, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
