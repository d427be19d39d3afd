// What stands on private members of smtp-server, whose version is pinned for that.

import { expect, test } from '@jest/globals';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { ChunkingConnection } from './chunking/chunking-connection.js';
import { ChunkParser } from './chunking/chunk-parser.js';
import { ReplyingConnection } from './reply/replying-connection.js';

test.each([
  [ReplyingConnection, SMTPConnection, ['writeReply', 'withhold']],
  [ChunkingConnection, SMTPConnection, ['handler_BDAT', 'refuseChunk']],
  [ChunkParser, SMTPStream, ['readChunk']],
])('every member of %p but those of our own overrides one of smtp-server', (own, theirs, added) => {
  const names = Object.getOwnPropertyNames(own.prototype).filter((name) => name !== 'constructor' && !(name in theirs.prototype));
  expect(names).toEqual(expect.arrayContaining(added));
  expect(names).toHaveLength(added.length);
});
