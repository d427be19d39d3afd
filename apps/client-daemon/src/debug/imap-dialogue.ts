// Both sides of one IMAP connection, redacted as they pass.

import { ImapLines } from './imap-lines.js';
import { nameOf, redactClientLine, redactServerLine } from './redact-imap-line.js';

export class ImapDialogue {
  readonly #client = new ImapLines();
  readonly #server = new ImapLines();
  /** From AUTHENTICATE to its answer what the client says is a credential. */
  #isAuthenticating = false;

  received(octets: Uint8Array): string[] {
    return this.#client.push(octets).map((line) => {
      const redacted = redactClientLine(line, { isCredential: this.#isAuthenticating });
      if (nameOf(line.slice(line.indexOf(' ') + 1)) === 'AUTHENTICATE') this.#isAuthenticating = true;
      return redacted;
    });
  }

  sent(octets: Uint8Array): string[] {
    return this.#server.push(octets).map((line) => {
      if (/^[^*+\s]\S* (?:OK|NO|BAD)/.test(line)) this.#commandEnded();
      return redactServerLine(line);
    });
  }

  #commandEnded(): void {
    this.#isAuthenticating = false;
    this.#client.refuseLiteral();
  }
}
