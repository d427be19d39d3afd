// Both sides of one IMAP connection, redacted as they pass.

import { ImapLines } from './imap-lines.js';
import { redactClientLine, redactServerLine } from './redact-imap-line.js';

/** `a1 NO …`: a command is over. */
const COMMAND_ENDED = /^[^*+\s]\S* (?:OK|NO|BAD)/;

export class ImapDialogue {
  readonly #client = new ImapLines();
  readonly #server = new ImapLines();

  received(octets: Uint8Array): string[] {
    return this.#client.push(octets).map(redactClientLine);
  }

  sent(octets: Uint8Array): string[] {
    return this.#server.push(octets).map((line) => {
      if (COMMAND_ENDED.test(line)) this.#client.refuseLiteral();
      return redactServerLine(line);
    });
  }
}
