import { anyStateCommand } from '../command.js';
import { bad, ok } from '../completion.js';

/** RFC 3501 §6.2.1. */
export const startTls = anyStateCommand({
  name: 'STARTTLS',
  run(session) {
    if (session.line.protection !== 'startTls') return bad('TLS is on already, or not offered here');
    session.line.startTls();
    return ok('begin TLS now');
  },
}, ['notAuthenticated']);
