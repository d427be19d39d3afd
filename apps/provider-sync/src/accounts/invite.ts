import type { Clock, RandomSource } from '@paloma/shared-model';
import { Redacted } from '@paloma/shared-model';
import { randomId } from '../random-id.js';
import type { AccountRepository } from './account.repository.js';

/** A new invitation, good for one account. Only its hash is kept. */
export async function createInvitation(accounts: AccountRepository, clock: Clock, random: RandomSource): Promise<Redacted<string>> {
  const code = new Redacted(randomId(random));
  await accounts.addInvitation(code, clock.nowMs());
  return code;
}
