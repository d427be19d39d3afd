import { anyStateCommand } from '../command.js';
import { no, ok } from '../completion.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 4978. After log-in alone: strangers are not to make the server inflate. */
export const compress = anyStateCommand({
  name: 'COMPRESS',
  parse(reader: CommandReader) {
    reader.space();
    return reader.word();
  },
  run(session, algorithm) {
    if (algorithm !== 'DEFLATE') return no('this algorithm is not known here', 'CANNOT');
    if (session.line.isCompressed) return no('DEFLATE is on already', 'COMPRESSIONACTIVE');
    session.line.compress();
    return ok('DEFLATE begins now');
  },
}, ['authenticated', 'selected']);
