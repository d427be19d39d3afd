// Signed-in web UAs. A session is a bearer token of 256 random bits, kept in memory alone: it ends with the daemon.

import type { AccountId, Clock, RandomSource } from '@paloma/shared-model';
import { hashToken } from '@paloma/crypto/public';

/** A ticket is meant to be clicked now. */
const TICKET_LIFETIME_MS = 10 * 60_000;
/** A browser tab left alone this long must sign in again. */
const SESSION_IDLE_MS = 12 * 3_600_000;
const TOKEN_BYTES = 32;

interface Grant {
  accountId: AccountId;
  untilMs: number;
}

export class WebSessions {
  readonly #clock: Clock;
  readonly #random: RandomSource;
  // Keyed by hash: looking a token up takes no time that depends on how much of it is right.
  readonly #tickets = new Map<string, Grant>();
  readonly #sessions = new Map<string, Grant>();

  constructor(clock: Clock, random: RandomSource) {
    this.#clock = clock;
    this.#random = random;
  }

  /** A one-time ticket for the web UA's address. */
  issueTicket(accountId: AccountId): string {
    return this.#issue(this.#tickets, accountId, TICKET_LIFETIME_MS);
  }

  /** Exchanges a ticket, once, for a session token. */
  redeemTicket(ticket: string): { token: string; accountId: AccountId } | null {
    const key = keyOf(ticket);
    const grant = this.#current(this.#tickets, key);
    this.#tickets.delete(key);
    return grant && { token: this.openSession(grant.accountId), accountId: grant.accountId };
  }

  openSession(accountId: AccountId): string {
    return this.#issue(this.#sessions, accountId, SESSION_IDLE_MS);
  }

  /** Account of a token; using it keeps it alive. */
  accountOf(token: string): AccountId | null {
    const grant = this.#current(this.#sessions, keyOf(token));
    if (grant) grant.untilMs = this.#clock.nowMs() + SESSION_IDLE_MS;
    return grant?.accountId ?? null;
  }

  endSession(token: string): void {
    this.#sessions.delete(keyOf(token));
  }

  endSessionsOf(accountId: AccountId): void {
    for (const grants of [this.#tickets, this.#sessions]) {
      for (const [key, grant] of grants) if (grant.accountId === accountId) grants.delete(key);
    }
  }

  #issue(grants: Map<string, Grant>, accountId: AccountId, lifetimeMs: number): string {
    const token = Buffer.from(this.#random.bytes(TOKEN_BYTES)).toString('base64url');
    grants.set(keyOf(token), { accountId, untilMs: this.#clock.nowMs() + lifetimeMs });
    return token;
  }

  #current(grants: Map<string, Grant>, key: string): Grant | null {
    const grant = grants.get(key);
    if (grant && grant.untilMs > this.#clock.nowMs()) return grant;
    grants.delete(key);
    return null;
  }
}

function keyOf(token: string): string {
  return Buffer.from(hashToken(token)).toString('base64url');
}
