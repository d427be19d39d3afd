// What stands in a log for an account, a peer or a domain: an operator can follow one of them through a day, and afterwards nobody can tell
// whose traces they were. The key is in this process's memory alone and gives way to a new one each day (UTC). With a key on the disk,
// whoever gets it together with an old log could try every address that there is. The price: two processes do not agree on their
// pseudonyms, nor do two runs of one.

import { createHmac } from 'node:crypto';

const DAY_MS = 24 * 60 * 60_000;
const KEY_BYTES = 32;
/** Of base64url: 60 bits, so that among a million a day hardly two are the same. */
const PSEUDONYM_CHARS = 10;
/** Those of today that are kept ready, as a message asks for its peer's at each of its commands. */
const MAX_READY = 10_000;

export interface PseudonymSources {
  clock: { nowMs(): number };
  random: { bytes(count: number): Uint8Array };
  /** Peers are named by their IP addresses instead, for programs that block them (fail2ban). */
  peerAddressesInTheClear: boolean;
}

export class Pseudonyms {
  #day = Number.NaN;
  #key: Uint8Array = new Uint8Array();
  readonly #ready = new Map<string, string>();

  constructor(private readonly sources: PseudonymSources) {}

  account(accountId: string): string {
    return this.#pseudonym('account', accountId);
  }

  /** Of an IP address. */
  peer(address: string): string {
    return this.sources.peerAddressesInTheClear ? address : this.#pseudonym('peer', address);
  }

  /** `domain`: in lower case. */
  domain(domain: string): string {
    return this.#pseudonym('domain', domain);
  }

  #pseudonym(kind: string, value: string): string {
    this.#beginDay();
    const named = `${kind}\0${value}`;
    const ready = this.#ready.get(named);
    if (ready !== undefined) return ready;
    if (this.#ready.size === MAX_READY) this.#ready.clear();
    const pseudonym = createHmac('sha256', this.#key).update(named).digest('base64url').slice(0, PSEUDONYM_CHARS);
    this.#ready.set(named, pseudonym);
    return pseudonym;
  }

  #beginDay(): void {
    const day = Math.floor(this.sources.clock.nowMs() / DAY_MS);
    if (day === this.#day) return;
    [this.#day, this.#key] = [day, this.sources.random.bytes(KEY_BYTES)];
    this.#ready.clear();
  }
}
