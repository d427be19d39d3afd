import { selectedCommand } from '../command.js';
import { ok } from '../completion.js';

/** RFC 3501 §6.4.1: everything is durable already, so it is NOOP. */
export const check = selectedCommand({ name: 'CHECK', run: () => ok('CHECK completed') });
