import { authenticatedCommand } from '../command.js';
import { no, ok } from '../completion.js';
import { COMPLETION_BY_MAILBOX_REFUSAL } from '../error-table.js';
import { DELIMITER } from '../wire/mailbox-name.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 6154 §5.2: each use has its mailbox from the start. */
const USE_IS_TAKEN = no('there is a mailbox for this use', 'USEATTR');

/** RFC 3501 §6.3.3. */
export const create = authenticatedCommand({
  name: 'CREATE',
  parse(reader: CommandReader) {
    reader.space();
    const name = reader.mailbox();
    return { name, hasUse: reader.tryChar(' ') && readUse(reader) };
  },
  async run({ store }, { name, hasUse }) {
    if (hasUse) return USE_IS_TAKEN;
    // A trailing delimiter only says that children will follow.
    const outcome = await store.createMailbox({ name: name.endsWith(DELIMITER) ? name.slice(0, -1) : name, isSubscribed: false });
    return outcome.ok ? ok('CREATE completed', `MAILBOXID (${outcome.mailboxId})`) : COMPLETION_BY_MAILBOX_REFUSAL[outcome.refusal]; // RFC 8474 §4.1
  },
});

// create-param = "USE" SP "(" [use-attr *(SP use-attr)] ")"     RFC 6154 §6
function readUse(reader: CommandReader): boolean {
  reader.char('(');
  if (reader.word() !== 'USE') reader.fail('USE');
  reader.space();
  const uses = reader.flagList();
  reader.char(')');
  return uses.length > 0;
}
