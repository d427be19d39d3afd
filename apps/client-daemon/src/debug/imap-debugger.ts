// `paloma debug imap`: shows whoever holds the control token the IMAP dialogues as they happen, redacted. Nothing is kept, and while
// nobody watches nothing is done. Only connections that began while somebody watched are shown: of the others it is not known
// whether a message is just passing.

import type { Clock } from '@paloma/shared-model';
import type { ImapTap } from '@paloma/imap-server';
import { ImapDialogue } from './imap-dialogue.js';

export interface ImapDebugLine {
  atMs: number;
  /** Counts connections. */
  connection: number;
  event: 'opened' | 'client' | 'server' | 'closed';
  /** Redacted; empty where the event says it all. */
  text: string;
}

export class ImapDebugger implements ImapTap {
  readonly #clock: Clock;
  readonly #watchers = new Set<(line: ImapDebugLine) => void>();
  readonly #dialogues = new Map<number, ImapDialogue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls with every line until the returned function is called. */
  watch(watcher: (line: ImapDebugLine) => void): () => void {
    this.#watchers.add(watcher);
    return () => {
      this.#watchers.delete(watcher);
      if (this.#watchers.size === 0) this.#dialogues.clear();
    };
  }

  opened(connection: number): void {
    if (this.#watchers.size === 0) return;
    this.#dialogues.set(connection, new ImapDialogue());
    this.#tell(connection, 'opened', '');
  }

  received(connection: number, octets: Uint8Array): void {
    for (const text of this.#dialogues.get(connection)?.received(octets) ?? []) this.#tell(connection, 'client', text);
  }

  sent(connection: number, octets: Uint8Array): void {
    for (const text of this.#dialogues.get(connection)?.sent(octets) ?? []) this.#tell(connection, 'server', text);
  }

  closed(connection: number): void {
    if (this.#dialogues.delete(connection)) this.#tell(connection, 'closed', '');
  }

  #tell(connection: number, event: ImapDebugLine['event'], text: string): void {
    for (const watcher of this.#watchers) watcher({ atMs: this.#clock.nowMs(), connection, event, text });
  }
}
