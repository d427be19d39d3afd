import type { Session } from './session.js';

/** Which sessions belong to which account, to bound their number. */
export class SessionRegistry {
  readonly #sessions = new Map<string, Set<Session>>();

  constructor(private readonly maxPerAccount: number) {}

  /** False when the account has as many sessions as it may. */
  admit(session: Session, accountId: string): boolean {
    const sessions = this.#sessions.get(accountId) ?? new Set();
    if (sessions.size >= this.maxPerAccount) return false;
    this.#sessions.set(accountId, sessions.add(session));
    return true;
  }

  leave(session: Session): void {
    for (const [accountId, sessions] of this.#sessions) {
      if (sessions.delete(session) && sessions.size === 0) this.#sessions.delete(accountId);
    }
  }
}
