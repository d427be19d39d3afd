import type { RegisteredHooks } from '../hooks/registered-hooks.js';
import { CONT, type NextCode } from '../hooks/next-code.js';
import type { HostEvents } from './host-log.js';
import { LEVELS, type Level, type LogLine, type LogSink } from './log-methods.js';

type LogHook = (next: (code?: NextCode) => void, logger: object, entry: { level: string; data: string }) => unknown;

/**
 * Where the log lines of plugins go: first to the plugins of the `log` hook, and to the program that runs the host unless one
 * of those kept the line to itself by another code than CONT.
 */
export class PluginLog implements LogSink {
  /** A plugin that logs while it handles a line would be handed its own line, for ever. */
  #isWriting = false;

  constructor(private readonly hooks: RegisteredHooks, private readonly events: HostEvents, private readonly threshold: Level) {}

  wants(level: Level): boolean {
    return LEVELS.indexOf(level) >= LEVELS.indexOf(this.threshold) && !this.#isWriting
      && (this.events.onLogLine !== undefined || this.hooks.of('log').length > 0);
  }

  write(line: LogLine): void {
    this.#isWriting = true;
    try {
      if (this.#offer(line)) this.events.onLogLine?.(line);
    } finally {
      this.#isWriting = false;
    }
  }

  /** Log hooks answer at once or are not waited for. */
  #offer({ level, id, origin, text }: LogLine): boolean {
    const entry = { level: level.toUpperCase(), data: `[${level.toUpperCase()}] [${id}] [${origin}] ${text}` };
    let isFree = true;
    for (const { plugin, method } of this.hooks.of('log')) {
      try {
        (plugin[method] as LogHook).call(plugin, (code) => {
          if (code !== undefined && code !== CONT) isFree = false;
        }, this, entry);
      } catch (error) {
        this.events.onFailure?.('pluginFailed', plugin.name, 'log', error);
      }
    }
    return isFree;
  }
}

export function parseLevel(text: unknown): Level {
  const level = String(text).trim().toLowerCase().replace(/^log/, '');
  return LEVELS.find((known) => known === level) ?? 'warn';
}
