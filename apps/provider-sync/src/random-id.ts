import type { RandomSource } from '@paloma/shared-model';

/** 128 random bits as 22 base64url characters: accounts, transactions, leases, versions. */
export function randomId(random: RandomSource): string {
  return Buffer.from(random.bytes(16)).toString('base64url');
}

/** 256 random bits as 43 base64url characters: what alone opens a door. */
export function randomToken(random: RandomSource): string {
  return Buffer.from(random.bytes(32)).toString('base64url');
}
