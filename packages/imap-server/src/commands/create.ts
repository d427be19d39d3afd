import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import { COMPLETION_BY_MAILBOX_REFUSAL } from '../error-table.js';
import { DELIMITER } from '../wire/mailbox-name.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.3.3. */
export const create = authenticatedCommand({
  name: 'CREATE',
  parse(reader: CommandReader) {
    reader.space();
    return reader.mailbox();
  },
  async run({ store }, name) {
    // A trailing delimiter only says that children will follow.
    const outcome = await store.createMailbox({ name: name.endsWith(DELIMITER) ? name.slice(0, -1) : name, isSubscribed: false });
    return outcome.ok ? ok('CREATE completed', `MAILBOXID (${outcome.mailboxId})`) : COMPLETION_BY_MAILBOX_REFUSAL[outcome.refusal]; // RFC 8474 §4.1
  },
});
