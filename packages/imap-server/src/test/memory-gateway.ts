import { parseAccountId, parseMailAddress, type Clock } from '@paloma/shared-model';
import { createMemoryKeyReview, createMemoryMailStore, createMemorySubmissionService } from '@paloma/mail-store/memory';
import type { AccountGateway, LoginOutcome, MailStore, OpenAccount, StorageUsage } from '@paloma/mail-store/port';
import { seededRandom } from '@paloma/test-kit';

export const PASSWORD = 'mail app "password"';

export interface MemoryGateway extends AccountGateway {
  /** What all accounts take up; null: the provider is away. */
  usage: StorageUsage | null;
  storeOf(name: string): MailStore;
  /** Ends every log-in that there was. */
  revoke(): void;
}

/** Accounts `<name>@example.org` made when first named, all with one password. `locked@…` and `busy@…` are refused. */
export function memoryGateway(clock: Clock): MemoryGateway {
  const accounts = new Map<string, OpenAccount>();
  const accountOf = (name: string): OpenAccount => {
    const account = accounts.get(name) ?? makeAccount(name, clock);
    accounts.set(name, account);
    return account;
  };
  let granted = new AbortController();
  const gateway: MemoryGateway = {
    usage: { usedBytes: 10_000, limitBytes: 1_000_000 },
    storeOf: (name) => accountOf(name).mailStore,
    revoke() {
      granted.abort();
      granted = new AbortController();
    },
    async logIn(address, password): Promise<LoginOutcome> {
      const name = /^([a-z]+)@example\.org$/.exec(address)?.[1];
      if (name === 'locked') return { ok: false, refusal: 'locked' };
      if (name === 'busy') return { ok: false, refusal: 'tooManyAttempts' };
      if (name === undefined || password !== PASSWORD) return { ok: false, refusal: 'wrongCredentials' };
      return { ok: true, account: { ...accountOf(name), storageUsage: async () => gateway.usage }, revoked: granted.signal };
    },
  };
  return gateway;
}

function makeAccount(name: string, clock: Clock): OpenAccount {
  const accountId = parseAccountId(name.padEnd(22, '0'));
  const mailStore = createMemoryMailStore({ accountId, address: parseMailAddress(`${name}@example.org`), clock, random: seededRandom(name) });
  const submissions = createMemorySubmissionService({ mailStore, clock });
  const status = { phase: 'idle', pendingUp: 0, pendingDown: 0, lastSyncAtMs: null, error: null, alarm: null } as const;
  return { mailStore, submissions, keys: createMemoryKeyReview({ clock }), sync: { current: () => status, subscribe: () => () => {} } };
}
