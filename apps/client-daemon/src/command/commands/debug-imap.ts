import type { Command } from '../command.js';

interface DebugLine {
  atMs: number;
  connection: number;
  event: 'opened' | 'client' | 'server' | 'closed' | 'lost';
  text: string;
}

const MARKS = { opened: 'connected', client: 'C:', server: 'S:', closed: 'disconnected', lost: 'lines lost:' } as const satisfies Record<DebugLine['event'], string>;

export const debugImap: Command = {
  name: 'debug imap', usage: '', summary: 'Watch IMAP dialogues that begin from now on, without credentials, addresses and content, until Ctrl-C.',
  async run({ control, options, write, untilInterrupted }) {
    const interrupted = untilInterrupted();
    try {
      for await (const line of control.lines('/debug/imap', interrupted)) write(`${options.json ? line : formatted(JSON.parse(line) as DebugLine)}\n`);
    } catch (error) {
      if (!interrupted.aborted) throw error;
    }
    return null;
  },
};

/** `10:15:07.123 #3 C: a1 NOOP`, in the time of the machine. */
function formatted({ atMs, connection, event, text }: DebugLine): string {
  const date = new Date(atMs);
  const time = `${date.toTimeString().slice(0, 8)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return `${time} #${connection} ${MARKS[event]} ${text}`.trimEnd();
}
