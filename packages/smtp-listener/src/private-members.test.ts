// What stands on private members of smtp-server and nodemailer, whose versions are pinned for that.

import { expect, test } from '@jest/globals';
import ClientConnection from 'nodemailer/lib/smtp-connection/index.js';
import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { ChunkingConnection } from './chunking/chunking-connection.js';
import { ChunkParser } from './chunking/chunk-parser.js';
import { DsnClient } from './dsn/dsn-client.js';
import { DsnConnection } from './dsn/dsn-connection.js';
import { ReplyingConnection } from './reply/replying-connection.js';

test.each([
  [ReplyingConnection, SMTPConnection, ['writeReply', 'withhold']],
  [DsnConnection, SMTPConnection, []],
  [DsnClient, ClientConnection, ['ask', 'knowsDsn']],
  [ChunkingConnection, SMTPConnection, ['handler_BDAT', 'refuseChunk']],
  [ChunkParser, SMTPStream, ['readChunk']],
])('every member of %p but those of our own overrides one of theirs', (own, theirs, added) => {
  const names = Object.getOwnPropertyNames(own.prototype).filter((name) => name !== 'constructor' && !(name in theirs.prototype));
  expect(names).toEqual(expect.arrayContaining(added));
  expect(names).toHaveLength(added.length);
});
