// `account.json` in the account's directory: what the daemon must know of an account before it is unlocked. No secret is in it.

import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAccountId, parseMailAddress, parseReplicaUid, type AccountId, type MailAddress, type ReplicaUid } from '@paloma/shared-model';
import { z } from 'zod';

const accountRecord = z.object({
  accountId: z.string().transform(parseAccountId),
  address: z.string().transform(parseMailAddress),
  providerUrl: z.url(),
  replicaUid: z.string().transform(parseReplicaUid).optional(),
});

export interface AccountRecord {
  accountId: AccountId;
  address: MailAddress;
  /** Base of the provider's users' API. */
  providerUrl: string;
  /** Of this device's store, which is still locked when the provider asks for it. */
  replicaUid?: ReplicaUid | undefined;
}

const FILE_NAME = 'account.json';

/** Accounts that were signed in on this device, in a stable order. */
export function loadAccountRecords(accountsDirectory: string): AccountRecord[] {
  if (!existsSync(accountsDirectory)) return [];
  const files = readdirSync(accountsDirectory).sort().map((name) => join(accountsDirectory, name, FILE_NAME));
  return files.filter((file) => existsSync(file)).map((file) => accountRecord.parse(JSON.parse(readFileSync(file, 'utf8'))));
}

/** Written last of all at sign-in: a directory without it is of a sign-in that broke off. */
export function saveAccountRecord(accountDirectory: string, record: AccountRecord): void {
  mkdirSync(accountDirectory, { recursive: true, mode: 0o700 });
  const draft = join(accountDirectory, `${FILE_NAME}.new`);
  writeFileSync(draft, `${JSON.stringify(record)}\n`, { mode: 0o600, flush: true });
  renameSync(draft, join(accountDirectory, FILE_NAME));
}
