// Log-in of mail programs: the account's address and a mail-app password (RFC 4954, RFC 9051 §6.2.2).

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
    if (accountId && !this.#registry.isOpen(accountId)) return { ok: false, refusal: 'locked' };
    const account = accountId && this.#registry.opened(accountId);
    if (!account?.mailAppPasswords.accepts(mailAppPassword)) {
      this.#throttle.recordFailure(name);
      return { ok: false, refusal: 'wrongCredentials' };
    }
    this.#throttle.recordSuccess(name);
    return { ok: true, account };
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
