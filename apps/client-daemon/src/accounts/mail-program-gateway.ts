// Log-in of mail programs: the account's address and a mail-app password (RFC 4954, RFC 9051 §6.2.2). That an account is locked is
// told to those alone who have one of its passwords; to all others an address that is here and one that is not look the same.

import { ModelError, parseMailAddress, type AccountId, type Clock } from '@paloma/shared-model';
import type { AccountGateway, LoginOutcome } from '@paloma/mail-store/port';
import type { AccountRegistry } from './account-registry.js';
import { LoginThrottle } from './login-throttle.js';

export class MailProgramGateway implements AccountGateway {
  readonly #registry: AccountRegistry;
  readonly #throttle: LoginThrottle;

  constructor(registry: AccountRegistry, clock: Clock) {
    this.#registry = registry;
    this.#throttle = new LoginThrottle(clock);
  }

  async logIn(address: string, mailAppPassword: string): Promise<LoginOutcome> {
    const name = address.toLowerCase();
    if (this.#throttle.isBlocked(name)) return { ok: false, refusal: 'tooManyAttempts' };
    const accountId = this.#find(address);
    const isOpen = accountId !== null && this.#registry.isOpen(accountId);
    const standing = isOpen ? 'opened' : await this.#registry.admitWhileLocked(accountId, mailAppPassword);
    if (standing === 'locked') return { ok: false, refusal: 'locked' };
    const account = standing === 'opened' ? this.#registry.opened(accountId!) : null;
    const admission = account?.mailAppPasswords.admit(mailAppPassword);
    if (!account || !admission) {
      this.#throttle.recordFailure(name);
      return { ok: false, refusal: 'wrongCredentials' };
    }
    this.#throttle.recordSuccess(name);
    return { ok: true, account, revoked: admission.revoked };
  }

  #find(address: string): AccountId | null {
    try {
      return this.#registry.find(parseMailAddress(address));
    } catch (error) {
      if (error instanceof ModelError) return null;
      throw error;
    }
  }
}
