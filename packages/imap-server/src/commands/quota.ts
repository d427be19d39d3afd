// QUOTA, RFC 9208: one root, with the name "", for the whole account: what it takes up at the provider. Limits are the provider's
// to set, so there is no SETQUOTA.

import type { StorageUsage } from '@paloma/mail-store/port';
import { authenticatedCommand } from '../command.js';
import { no, ok } from '../completion.js';
import { NO_SUCH_MAILBOX } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { CommandReader } from '../wire/command-reader.js';
import { formatMailboxName } from '../wire/mailbox-name.js';

/** RFC 9208 §5.1: STORAGE is counted in units of 1024 octets. */
const STORAGE_UNIT_BYTES = 1024;

const NO_SUCH_ROOT = no('there is no such quota root', 'NONEXISTENT');
const NOT_KNOWN = no('the provider cannot be asked now', 'UNAVAILABLE');

/** RFC 9208 §4.1.2. */
export const getQuota = authenticatedCommand({
  name: 'GETQUOTA',
  parse(reader: CommandReader) {
    reader.space();
    return reader.astring();
  },
  async run({ session }, root) {
    if (root !== '' || !session.storageUsage) return NO_SUCH_ROOT;
    const usage = await session.storageUsage();
    if (!usage) return NOT_KNOWN;
    await session.writer.untagged(formatQuota(usage));
    return ok('GETQUOTA completed');
  },
});

/** RFC 9208 §4.1.3. */
export const getQuotaRoot = authenticatedCommand({
  name: 'GETQUOTAROOT',
  parse(reader: CommandReader) {
    reader.space();
    return reader.mailbox();
  },
  async run({ session, store }, name) {
    if (!(await findMailbox(store, name))) return NO_SUCH_MAILBOX;
    const usage = (await session.storageUsage?.()) ?? null;
    await session.writer.untagged(`QUOTAROOT ${formatMailboxName(name, session)}${session.storageUsage ? ' ""' : ''}`);
    if (usage) await session.writer.untagged(formatQuota(usage));
    return ok('GETQUOTAROOT completed');
  },
});

/** `QUOTA "" (STORAGE 10 512)` */
function formatQuota({ usedBytes, limitBytes }: StorageUsage): string {
  return `QUOTA "" (STORAGE ${Math.ceil(usedBytes / STORAGE_UNIT_BYTES)} ${Math.floor(limitBytes / STORAGE_UNIT_BYTES)})`;
}
