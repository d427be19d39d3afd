// The object that is `this` in a plugin: its exports, and around them what Haraka gives every plugin.
// Member names are Haraka's, since plugins call them.

import type { Config } from 'haraka-config';
import type { RegisteredHooks } from '../hooks/registered-hooks.js';
import { addLogMethods, type LogSink } from '../logging/log-methods.js';
import { harakaRequire } from './haraka-require.js';
import type { PluginFile } from './plugin-file.js';

/** Seconds a hook may take where neither `NAME.timeout` nor `plugin_timeout` says otherwise; 0 would be no limit. */
const DEFAULT_TIMEOUT_S = 30;

/** What the host does for its plugins. */
export interface PluginServices {
  hooks: RegisteredHooks;
  log: LogSink;
  /** Loads a plugin without registering it, for `inherits`. */
  load(name: string): Plugin;
}

export class Plugin {
  [member: string]: unknown;
  readonly name: string;
  readonly timeout: number;
  readonly config: Config;
  /** Names of the methods that were registered, by hook. */
  readonly hooks: Record<string, string[]> = {};
  /** The plugins it inherits from, by the name it used. */
  readonly base: Record<string, Plugin> = {};
  readonly #services: PluginServices;

  constructor({ name }: PluginFile, config: Config, hostConfig: Config, services: PluginServices) {
    this.name = name;
    this.config = config;
    this.timeout = timeoutSeconds(name, hostConfig);
    this.#services = services;
    addLogMethods(this, services.log, () => ({ origin: name }));
  }

  /** Plugins that register nothing but `hook_*` methods need not have one of their own. */
  register(): unknown {
    return undefined;
  }

  register_hook(hook: string, method: string, priority?: number | string): void {
    this.#services.hooks.register(hook, this, method, priority);
    (this.hooks[hook] ??= []).push(method);
  }

  /** Takes over the members that this plugin lacks, and has the parent register itself as this plugin. */
  inherits(parentName: string): void {
    const parent = this.#services.load(parentName);
    for (const member in parent) this[member] ??= parent[member];
    this.base[parentName] = parent;
    parent.register.call(this);
  }

  haraka_require(name: string): unknown {
    return harakaRequire(name);
  }
}

function timeoutSeconds(name: string, config: Config): number {
  const configured = [`${name}.timeout`, 'plugin_timeout'].map((file) => Number.parseFloat(String(config.get(file))));
  return configured.find((seconds) => !Number.isNaN(seconds)) ?? DEFAULT_TIMEOUT_S;
}
