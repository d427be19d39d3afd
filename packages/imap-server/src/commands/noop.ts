import { anyStateCommand } from '../command.js';
import { ok } from '../completion.js';

/** RFC 3501 §6.1.2: does nothing; what has changed is announced after every command. */
export const noop = anyStateCommand({ name: 'NOOP', run: () => ok('NOOP completed') });
