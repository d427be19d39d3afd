import { selectedCommand } from '../command.js';
import { ok } from '../completion.js';

/** RFC 3691: leaves the mailbox and expunges nothing. */
export const unselect = selectedCommand({
  name: 'UNSELECT',
  run({ session }) {
    session.selected = null;
    return ok('UNSELECT completed');
  },
});
