// Plugins, connections and the server object carry `loginfo(…)` and its siblings. Their arguments come in any order and
// kind: a plugin, a connection, texts, errors, objects.

import { inspect } from 'node:util';

/** From the most talkative to the gravest, as in syslog. */
export const LEVELS = ['data', 'protocol', 'debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg'] as const;
export type Level = (typeof LEVELS)[number];

/** What a plugin or a Haraka library wrote. It may quote addresses, peers and mail. */
export interface LogLine {
  level: Level;
  /** Of the connection or transaction, `-` without one. */
  id: string;
  /** Name of the plugin, or `core`. */
  origin: string;
  text: string;
}

export interface LogSink {
  wants(level: Level): boolean;
  write(line: LogLine): void;
}

type LogMethods = { [Method in `log${Level}`]: (...parts: unknown[]) => void };

/** Gives `target` its log methods; `origin` speaks when no plugin is among the arguments. */
export function addLogMethods<Target extends object>(target: Target, sink: LogSink, identity: () => { id?: string; origin?: string }): asserts target is Target & LogMethods {
  for (const level of LEVELS) {
    Object.defineProperty(target, `log${level}`, {
      configurable: true,
      writable: true,
      value: (...parts: unknown[]) => {
        if (sink.wants(level)) sink.write(composeLine(level, identity(), parts));
      },
    });
  }
}

function composeLine(level: Level, identity: { id?: string; origin?: string }, parts: readonly unknown[]): LogLine {
  const line = { level, id: '-', origin: 'core', ...identity, text: '' };
  const texts: string[] = [];
  for (const part of parts) {
    const { name, uuid } = (typeof part === 'object' && part !== null ? part : {}) as { name?: unknown; uuid?: unknown };
    if (part instanceof Error) texts.push(part.stack ?? part.message);
    else if (typeof uuid === 'string') line.id = uuid;
    else if (typeof name === 'string') line.origin = name;
    else texts.push(typeof part === 'string' ? part : inspect(part, { breakLength: Number.POSITIVE_INFINITY, depth: 2 }));
  }
  return { ...line, text: texts.join(' ') };
}
