import { CommandError } from './command-error.js';
import type { CommandContext } from './command.js';

export interface AccountStatus {
  accountId: string;
  address: string;
  state: 'locked' | 'opening' | 'open' | 'signInNeeded';
  sync: { phase: string; pendingUp: number; pendingDown: number; lastSyncAtMs: number | null; error: string | null; alarm: string | null } | null;
  resealing: { epoch: number; phase: string; done: number; total: number } | null;
  vaultRolledBack: boolean;
}

export interface DaemonStatus {
  version: string;
  ports: Record<string, number>;
  accounts: AccountStatus[];
}

/** The account that `--account` names; the only one when it names none. @throws {CommandError} "usage" */
export async function chooseAccount({ control, options }: CommandContext): Promise<AccountStatus> {
  const { accounts } = await control.get<DaemonStatus>('/status');
  const wanted = options.account?.toLowerCase();
  const chosen = accounts.filter(({ address }) => wanted === undefined || address.toLowerCase() === wanted);
  if (chosen.length === 1) return chosen[0]!;
  if (accounts.length === 0) throw new CommandError('usage', 'There is no account on this device: use "paloma sign-up" or "paloma log-in".');
  throw new CommandError('usage', wanted === undefined ? 'There are several accounts: name one with --account.' : 'There is no such account on this device: see "paloma accounts".');
}

/** Path of the account in the control API. */
export async function accountPath(context: CommandContext): Promise<string> {
  return `/accounts/${(await chooseAccount(context)).accountId}`;
}
