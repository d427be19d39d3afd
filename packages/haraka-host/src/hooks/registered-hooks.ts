import type { Plugin } from '../plugins/plugin.js';

/** Priorities lie between -100 and 100; the lowest runs first. */
const MAX_PRIORITY = 100;

export interface RegisteredHook {
  plugin: Plugin;
  /** Name of a method of the plugin, looked up when the hook runs: a plugin may replace its own methods. */
  method: string;
  priority: number;
}

/** Which plugin methods run on which hook, in which order. */
export class RegisteredHooks {
  readonly #byHook = new Map<string, RegisteredHook[]>();

  register(hook: string, plugin: Plugin, method: string, priority: unknown): void {
    const registered = { plugin, method, priority: clampPriority(priority) };
    const hooks = [...(this.#byHook.get(hook) ?? []), registered];
    // Sorting is stable: hooks of one priority run in the order in which they were registered.
    this.#byHook.set(hook, hooks.toSorted((one, other) => one.priority - other.priority));
  }

  of(hook: string): readonly RegisteredHook[] {
    return this.#byHook.get(hook) ?? [];
  }

  names(): string[] {
    return [...this.#byHook.keys()];
  }
}

function clampPriority(priority: unknown): number {
  const number = Number.parseInt(String(priority), 10) || 0;
  return Math.max(-MAX_PRIORITY, Math.min(MAX_PRIORITY, number));
}
