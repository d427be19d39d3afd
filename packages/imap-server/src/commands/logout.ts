import { anyStateCommand } from '../command.js';
import { ok } from '../completion.js';

/** RFC 3501 §6.1.3. */
export const logout = anyStateCommand({
  name: 'LOGOUT',
  async run(session) {
    session.selected = null;
    session.isOver = true;
    await session.writer.untagged('BYE see you');
    return ok('LOGOUT completed');
  },
});
