// What the host itself has to say, as against what plugins write: codes and names of plugins, never data of a dialogue.

import type { LogLine } from './log-methods.js';

export type FailureCode = 'pluginTimedOut' | 'pluginFailed' | 'sessionFailed' | 'strayRejection';

export interface HostEvents {
  /** A plugin or the host misbehaved; the dialogue goes on. `error` is a foreign one: its message may quote data. */
  onFailure?(code: FailureCode, plugin: string, hook: string, error?: unknown): void;
  /** A line that a plugin logged, from the level of `config/loglevel` (WARN) upwards. It may quote addresses and mail. */
  onLogLine?(line: LogLine): void;
}

export class HostLog {
  constructor(private readonly events: HostEvents) {}

  failure(code: FailureCode, plugin: string, hook: string, error?: unknown): void {
    this.events.onFailure?.(code, plugin, hook, error);
  }
}
