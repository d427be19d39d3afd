import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import { DELIMITER } from '../wire/mailbox-name.js';

/** RFC 2342: one's own mailboxes, at the top; nobody else's and no shared ones. */
export const namespace = authenticatedCommand({
  name: 'NAMESPACE',
  async run({ session }) {
    await session.writer.untagged(`NAMESPACE (("" "${DELIMITER}")) NIL NIL`);
    return ok('NAMESPACE completed');
  },
});
