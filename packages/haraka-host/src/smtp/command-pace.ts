// Who talks before it is their turn? Senders of spam often do not wait for replies. smtp-server hangs up on a client that speaks
// before the greeting and does not mind it later; plugins want to know and decide themselves.

/** RFC 2920 §3.1: the commands that a pipelining client may send others after. */
const MAY_BE_FOLLOWED: ReadonlySet<string> = new Set(['RSET', 'MAIL', 'SEND', 'SOML', 'SAML', 'RCPT']);

export class CommandPace {
  /** The command that waits for its reply; `null`: it is the client's turn. */
  #pending: string | null = 'GREETING';
  isEarly = false;
  isPipelining = false;

  constructor(private readonly hasPipelining: () => boolean) {}

  /** A command has arrived; the client waits for the reply from now on. */
  begin(command: string): void {
    this.#pending = command;
  }

  /** Its reply is written. */
  end(): void {
    this.#pending = null;
  }

  /** Octets that came while no message is being sent. */
  observe(chunk: Buffer): void {
    const lines = commandsOf(chunk);
    const before = this.#pending === null ? lines.slice(0, -1).map(verbOf) : [this.#pending, ...lines.slice(0, -1).map(verbOf)];
    if (before.length === 0) return;
    if (this.hasPipelining() && before.every((command) => MAY_BE_FOLLOWED.has(command))) this.isPipelining = true;
    else this.isEarly = true;
  }
}

/** What follows BDAT is a message (RFC 3030 §2), and not looked at. */
function commandsOf(octets: Buffer): string[] {
  const lines = octets.toString('latin1').split(/(?<=\n)/);
  const bdat = lines.findIndex((line) => verbOf(line) === 'BDAT');
  return bdat < 0 ? lines : lines.slice(0, bdat + 1);
}

function verbOf(line: string): string {
  return line.slice(0, 4).toUpperCase();
}
