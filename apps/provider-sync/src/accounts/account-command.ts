// `paloma-provider-sync account`: what an operator sees of accounts, and does to them. It works on the database and the blob directory,
// beside the running processes. Addresses go to the operator's terminal alone.

import { formatTable } from '@paloma/provider-runtime';
import type { Clock } from '@paloma/shared-model';
import type { AccountControl, AccountFacts } from './account-control.js';
import { parseAddress, refused } from './operator-words.js';

export type AccountCommand =
  | { action: 'list' }
  | { action: 'disable' | 'enable' | 'delete' | 'release'; address: string }
  | { action: 'quota'; address: string; quotaBytes: number };

const COLUMNS = ['address', 'aliases', 'made', 'seen', 'devices', 'waiting', 'used', 'quota', 'state'];
const MIB = 1024 ** 2;
const NO_SUCH_ACCOUNT = 'no account was made with this address';

/** Lines to print. @throws {StartError} "badConfiguration" with a sentence for the operator */
export async function runAccountCommand(command: AccountCommand, accounts: AccountControl, clock: Clock): Promise<string[]> {
  if (command.action === 'list') return [formatTable([COLUMNS, ...(await accounts.list()).map(rowOf)])];
  const address = parseAddress(command.address);
  switch (command.action) {
    case 'disable': return done(await accounts.setDisabled(address, clock.nowMs()), NO_SUCH_ACCOUNT);
    case 'enable': return done(await accounts.setDisabled(address, null), NO_SUCH_ACCOUNT);
    case 'quota': return done(await accounts.setQuota(address, command.quotaBytes), NO_SUCH_ACCOUNT);
    case 'release': return done(await accounts.release(address), 'no account with this address was deleted');
    case 'delete': {
      const outcome = await accounts.remove(address, clock.nowMs());
      if (outcome === 'notDisabled') throw refused('only an account that is disabled can be deleted: disable it first');
      return done(outcome === 'removed', NO_SUCH_ACCOUNT);
    }
  }
}

function done(isDone: boolean, otherwise: string): string[] {
  if (!isDone) throw refused(otherwise);
  return [];
}

function rowOf({ address, aliases, createdAtMs, lastSeenAtMs, devices, waitingItems, usedBytes, quotaBytes, isDisabled }: AccountFacts): string[] {
  const seen = lastSeenAtMs === null ? 'never' : formatDay(lastSeenAtMs);
  return [address, String(aliases), formatDay(createdAtMs), seen, String(devices), String(waitingItems), formatMebibytes(usedBytes), formatMebibytes(quotaBytes), isDisabled ? 'disabled' : '-'];
}

function formatDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** What there is a little of is not nothing. */
function formatMebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
