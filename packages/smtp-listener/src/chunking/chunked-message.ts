import type { SMTPServerDataStream } from 'smtp-server';
import { newAbandonment } from './abandonment.js';

/** A message on its way in chunks. Whatever its handler says of it before the last one is said after the last one. */
export class ChunkedMessage {
  /** Open: the client owes a chunk. Cut short: no further one is taken, and some are missing. */
  #state: 'open' | 'whole' | 'cutShort' | 'abandoned' = 'open';
  #verdict: (() => void) | null = null;

  constructor(private readonly stream: SMTPServerDataStream) {}

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isCutShort(): boolean {
    return this.#state === 'cutShort';
  }

  /** More came than the listener takes. */
  get isTooLarge(): boolean {
    return this.stream.sizeExceeded;
  }

  /** What the handler has come to. */
  judge(verdict: () => void): void {
    if (this.#state === 'open') this.#verdict = verdict;
    else if (this.#state !== 'abandoned') verdict();
  }

  end(state: 'whole' | 'cutShort'): void {
    this.#state = state;
    this.#verdict?.();
  }

  /** The client has taken it back: its handler hears of it, and is not heard any more. */
  abandon(): void {
    if (this.#state !== 'open') return;
    this.#state = 'abandoned';
    // Without a listener an error would end the process.
    this.stream.destroy(this.stream.listenerCount('error') > 0 ? newAbandonment() : undefined);
  }
}
