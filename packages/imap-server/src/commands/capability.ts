import { anyStateCommand } from '../command.js';
import { capabilityCode } from '../capabilities.js';
import { ok } from '../completion.js';

/** RFC 3501 §6.1.1. */
export const capability = anyStateCommand({
  name: 'CAPABILITY',
  async run(session) {
    await session.writer.untagged(capabilityCode(session));
    return ok('CAPABILITY completed');
  },
});
