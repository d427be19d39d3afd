import { selectedCommand } from '../command.js';
import { ok } from '../completion.js';
import { READ_ONLY } from '../error-table.js';
import { expungeMessages } from '../session/expunge-messages.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.4.3. The EXPUNGE answers come with the announcements at the end of the command. */
export const expunge = selectedCommand({
  name: 'EXPUNGE',
  async run(context) {
    const { mailbox } = context;
    if (mailbox.isReadOnly) return READ_ONLY;
    await mailbox.refresh();
    return ok('EXPUNGE completed', await expungeMessages(context, mailbox.entries));
  },
});

/** RFC 4315 §2.1: of these UIDs alone. */
export const uidExpunge = selectedCommand({
  name: 'UID EXPUNGE',
  parse(reader: CommandReader) {
    reader.space();
    return reader.sequenceSet();
  },
  async run(context, set) {
    const { mailbox } = context;
    if (mailbox.isReadOnly) return READ_ONLY;
    await mailbox.refresh();
    const among = (mailbox.resolve(set, true) ?? []).map(({ entry }) => entry);
    return ok('UID EXPUNGE completed', await expungeMessages(context, among));
  },
});
