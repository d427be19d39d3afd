// docs/protocol/control-api.md §1: redacted IMAP dialogues as they happen, one JSON object a line, until the client goes away.

import type { ServerResponse } from 'node:http';
import type { ImapDebugger } from '../debug/imap-debugger.js';

/** A reader who does not keep up loses lines, and is told how many. */
const MAX_UNREAD_BYTES = 1024 * 1024;

export function streamImapDialogues(imapDebugger: ImapDebugger, response: ServerResponse): void {
  let lost = 0;
  const write = (line: object): void => void response.write(`${JSON.stringify(line)}\n`);
  response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
  response.flushHeaders();
  const stop = imapDebugger.watch((line) => {
    if (response.writableLength > MAX_UNREAD_BYTES) {
      lost += 1;
      return;
    }
    if (lost > 0) write({ ...line, event: 'lost', text: String(lost) });
    lost = 0;
    write(line);
  });
  response.once('close', stop);
}
