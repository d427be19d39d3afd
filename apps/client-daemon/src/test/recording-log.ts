import { pino, type Logger } from 'pino';

/** A real log whose lines a test can wait for. */
export class RecordingLog {
  readonly lines: string[] = [];
  #wake: () => void = () => {};
  readonly log: Logger = pino({ level: 'warn' }, { write: (line) => { this.lines.push(line); this.#wake(); } });

  /** The first line that contains `text`, when it comes. */
  async containing(text: string): Promise<string> {
    for (;;) {
      const line = this.lines.find((each) => each.includes(text));
      if (line !== undefined) return line;
      await new Promise<void>((resolve) => { this.#wake = resolve; });
    }
  }
}
