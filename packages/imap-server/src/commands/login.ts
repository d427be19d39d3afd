import { anyStateCommand } from '../command.js';
import { logIn } from '../session/log-in.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.2.3. */
export const login = anyStateCommand({
  name: 'LOGIN',
  parse(reader: CommandReader) {
    reader.space();
    const address = reader.astring();
    reader.space();
    return { address, password: reader.astring() };
  },
  run: (session, { address, password }) => logIn(session, address, password),
}, ['notAuthenticated']);
