import type { Clock, MailAddress } from '@paloma/shared-model';
import type { Recipient } from './services-api.js';

/** How long a new certificate, or the end of a mailbox, may go unnoticed at RCPT. */
const REMEMBERED_MS = 5_000;
/** Certificates have up to 64 KiB. */
const MAX_REMEMBERED = 1000;

/**
 * Recipients that could take mail when they were last looked up, so that a burst asks once. Nothing else is remembered: who is over quota or disabled,
 * has no certificate or does not exist may be well a moment later. Whether there is room is seen again when the message is stored.
 */
export class RecentRecipients {
  readonly #known = new Map<MailAddress, { recipient: Recipient; atMs: number }>();

  constructor(private readonly clock: Clock) {}

  /** `address`: canonical. */
  find(address: MailAddress): Recipient | null {
    const known = this.#known.get(address);
    const ageMs = known === undefined ? -1 : this.clock.nowMs() - known.atMs;
    return known !== undefined && ageMs >= 0 && ageMs < REMEMBERED_MS ? known.recipient : null;   // clocks may be set back
  }

  remember(address: MailAddress, recipient: Recipient): void {
    this.#known.delete(address);
    if (recipient.isOverQuota || recipient.isDisabled || recipient.certificate === null) return;
    this.#known.set(address, { recipient, atMs: this.clock.nowMs() });   // the one looked up last is the last
    const [oldest] = this.#known.keys();
    if (this.#known.size > MAX_REMEMBERED && oldest !== undefined) this.#known.delete(oldest);
  }
}
