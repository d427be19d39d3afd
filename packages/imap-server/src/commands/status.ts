import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import { NO_SUCH_MAILBOX } from '../error-table.js';
import { announceStatus } from '../session/announce-status.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { CommandReader } from '../wire/command-reader.js';
import { readStatusItems } from '../wire/status-item.js';

/** RFC 3501 §6.3.10. */
export const status = authenticatedCommand({
  name: 'STATUS',
  parse(reader: CommandReader) {
    reader.space();
    const name = reader.mailbox();
    reader.space();
    return { name, items: readStatusItems(reader) };
  },
  async run({ session, store }, { name, items }) {
    const mailbox = await findMailbox(store, name);
    if (!mailbox) return NO_SUCH_MAILBOX;
    if (items.includes('HIGHESTMODSEQ')) session.enabled.add('CONDSTORE'); // RFC 7162 §3.1
    await announceStatus(session, mailbox, items);
    return ok('STATUS completed');
  },
});
