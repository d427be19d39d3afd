// How replies leave a connection. smtp-server (3.21) derives the enhanced status code (RFC 2034) from the reply code alone, which
// would call every 550 an unknown mailbox; a text that begins with a code of its own is sent as it stands.

import { SMTPConnection } from 'smtp-server/lib/smtp-connection.js';
import { hasEnhancedStatus } from './enhanced-status.js';
import { gatherReplies } from './gather-replies.js';

export type Done = () => void;

/** A reply as smtp-server's handlers give it. */
export interface Reply {
  code: number;
  data: string | string[] | null | undefined;
  context: string | false | undefined;
}

export class ReplyingConnection extends SMTPConnection {
  /** Where a reply stays until it is known what becomes of it. */
  #withheld: { reply: Reply | null } | null = null;

  override send(code: number, data?: string | string[] | null, context?: string | false): void {
    const reply = { code, data, context };
    if (this.#withheld === null) return this.writeReply(reply);
    this.#withheld.reply = reply;
    if (code === 421) this.close();   // RFC 5321 §3.8: it says why the connection ends
  }

  /** What is still withheld is said before the end. */
  override close(): void {
    const withheld = this.#withheld;
    this.#withheld = null;
    if (withheld?.reply) this.writeReply(withheld.reply);
    if (withheld) withheld.reply = null;
    super.close();
  }

  /** All replies go this way, to the client. */
  protected writeReply({ code, data, context }: Reply): void {
    gatherReplies(this._socket, code);
    super.send(code, data, hasEnhancedStatus(data) ? false : context);
  }

  /** Runs a handler and gives its reply to `then` instead of the client; `null` when there is none to give any more. */
  protected withhold(handler: (done: Done) => void, then: (reply: Reply | null) => void): void {
    const before = this.#withheld;
    const withheld: { reply: Reply | null } = { reply: null };
    this.#withheld = withheld;
    try {
      handler(() => {
        this.#withheld = before;
        then(withheld.reply);
      });
    } catch (error) {
      this.#withheld = before;
      throw error;
    }
  }
}
