import type { Socket } from 'node:net';

/** The replies that a group of commands ends in at most: to MAIL, RCPT and BDAT, to DATA. */
const GATHERED: ReadonlySet<number> = new Set([250, 354]);

/**
 * Lets replies to commands that came together leave together (RFC 2920 §3.2), within this turn of the event loop: a system call and a packet
 * for each would cost as much as the commands. To be called before a reply is written; any other reply takes those before it along at once,
 * since after it (STARTTLS, QUIT) the socket may be somebody else's.
 */
export function gatherReplies(socket: Socket, code: number): void {
  if (!GATHERED.has(code)) return socket.uncork();
  if (socket.writableCorked > 0) return;
  socket.cork();
  setImmediate(() => socket.uncork());
}
