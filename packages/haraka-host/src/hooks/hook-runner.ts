// Runs the plugins of one hook, one after another, until one of them decides.
//
// A plugin that throws, rejects, answers twice or never answers must not harm the dialogue: the first two count as CONT,
// the third is ignored, the fourth is a temporary refusal when the plugin's time is up. (Haraka itself does not see a
// rejected promise and then waits for the timeout.)

import type { Connection } from '../connection/connection.js';
import type { HostLog } from '../logging/host-log.js';
import { CONT, DENYSOFT, OK, isDenial, type NextCode, type PluginMessage, type Verdict } from './next-code.js';
import type { RegisteredHook, RegisteredHooks } from './registered-hooks.js';

/** All plugins run, whatever they say. */
const DEAF_HOOKS: ReadonlySet<string> = new Set(['connect_init', 'disconnect']);
/** They run although the client has left. */
const FAREWELL_HOOKS: ReadonlySet<string> = new Set(['reset_transaction', 'disconnect']);

const GONE: Verdict = { code: CONT, gone: true };

type HookMethod = (next: (code?: NextCode, message?: PluginMessage) => void, connection: unknown, parameters?: unknown) => unknown;

export class HookRunner {
  constructor(private readonly hooks: RegisteredHooks, private readonly log: HostLog) {}

  /** `parameters` is what the hook's plugins get as their third argument. */
  async run(hook: string, connection: Connection, parameters?: unknown): Promise<Verdict> {
    for (const registered of this.hooks.of(hook)) {
      if (isSkipped(registered, connection)) continue;
      const verdict = await this.#ask(registered, hook, connection, parameters);
      if (verdict.gone) return verdict;
      if (verdict.code === CONT || DEAF_HOOKS.has(hook)) continue;
      if (isDenial(verdict.code) && (await this.#isForgiven(registered, hook, connection, parameters, verdict))) continue;
      return verdict;
    }
    return connection.isGone && !FAREWELL_HOOKS.has(hook) ? GONE : { code: CONT };
  }

  /** Hooks of the host itself, such as `init_master`: `object` stands where a connection does. */
  async runForHost(hook: string, object: object): Promise<Verdict> {
    for (const registered of this.hooks.of(hook)) {
      const verdict = await this.#call(registered, hook, object, undefined).promise;
      if (verdict.code !== CONT) return verdict;
    }
    return { code: CONT };
  }

  /** The `deny` hook hears of every denial and takes it back by saying OK; then the plugins after the one that denied run. */
  async #isForgiven({ plugin, method }: RegisteredHook, hook: string, connection: Connection, parameters: unknown, { code, message }: Verdict): Promise<boolean> {
    if (hook === 'deny') return false;
    const verdict = await this.run('deny', connection, [code, message, plugin.name, method, parameters, hook]);
    return verdict.code === OK;
  }

  /** Ends early when the client leaves: what a plugin then says interests nobody. */
  async #ask(registered: RegisteredHook, hook: string, connection: Connection, parameters: unknown): Promise<Verdict> {
    if (FAREWELL_HOOKS.has(hook)) return this.#call(registered, hook, connection, parameters).promise;
    if (connection.isGone) return GONE;
    connection.hook = hook;
    const { promise, resolve } = this.#call(registered, hook, connection, parameters);
    return promise.finally(connection.whenGone(() => resolve(GONE)));
  }

  /** Who resolves it first decides: the plugin, its time, or the caller. */
  #call({ plugin, method }: RegisteredHook, hook: string, object: object, parameters: unknown): { promise: Promise<Verdict>; resolve: (verdict: Verdict) => void } {
    const { promise, resolve } = Promise.withResolvers<Verdict>();
    const timer = plugin.timeout === 0 ? undefined : setTimeout(() => {
      this.log.failure('pluginTimedOut', plugin.name, hook);
      resolve({ code: DENYSOFT, message: 'plugin timeout' });
    }, plugin.timeout * 1000);
    const next = (code?: NextCode, message?: PluginMessage): void => resolve({ code: code || CONT, message });
    const fail = (error: unknown): void => {
      this.log.failure('pluginFailed', plugin.name, hook, error);
      next();
    };
    try {
      Promise.resolve((plugin[method] as HookMethod).call(plugin, next, object, parameters)).catch(fail);
    } catch (error) {
      fail(error);
    }
    return { promise: promise.finally(() => clearTimeout(timer)), resolve };
  }
}

/** A plugin of the same transaction may ask that others be passed over. */
function isSkipped({ plugin }: RegisteredHook, { transaction }: Connection): boolean {
  return transaction?.notes.skip_plugins.includes(plugin.name) ?? false;
}
