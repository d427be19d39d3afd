import haraka, { type Config } from 'haraka-config';
import { HarakaHostError } from '../haraka-host-error.js';
import { compilePlugin } from './compile-plugin.js';
import { findPluginFile } from './plugin-file.js';
import { Plugin, type PluginServices } from './plugin.js';

export interface PluginDirectories {
  /** Holds `config/`, and `plugins/` with plugins of the operator's own. */
  directory: string;
  furtherDirectories: readonly string[];
}

/** The plugins of a host, in the order of their list. */
export class PluginSet {
  readonly #services: PluginServices;
  readonly #plugins: Plugin[] = [];

  constructor(private readonly directories: PluginDirectories, private readonly server: object, private readonly hostConfig: Config, services: Omit<PluginServices, 'load'>) {
    this.#services = { ...services, load: (name) => this.#load(name) };
  }

  get names(): string[] {
    return this.#plugins.map(({ name }) => name);
  }

  /**
   * Loads the plugins and has them register their hooks, one after another.
   * @throws {HarakaHostError} "pluginNotFound", "pluginBroken"
   */
  async addAll(names: readonly string[]): Promise<void> {
    for (const name of names) {
      const plugin = this.#load(name);
      await this.#register(plugin);
      this.#plugins.push(plugin);
    }
  }

  /** Gives every plugin the chance to let go of what it holds; those that were loaded last, and may use what others hold, first. */
  shutDown(onFailure: (plugin: string, error: unknown) => void): void {
    for (const plugin of this.#plugins.toReversed()) {
      try {
        if (typeof plugin['shutdown'] === 'function') plugin['shutdown'].call(plugin);
      } catch (error) {
        onFailure(plugin.name, error);
      }
      plugin.config.stop_watching(plugin.name);   // and with it all files beside it
    }
  }

  #load(name: string): Plugin {
    const { directory, furtherDirectories } = this.directories;
    const file = findPluginFile(name, directory, furtherDirectories);
    const config = haraka.module_config(file.packageDirectory ?? directory, directory);
    const plugin = new Plugin(file, config, this.hostConfig, this.#services);
    return brokenUnless(plugin, () => {
      compilePlugin(plugin, file, this.server);
      return plugin;
    });
  }

  async #register(plugin: Plugin): Promise<void> {
    await brokenUnless(plugin, () => plugin.register());
    for (const member in plugin) {
      const hook = /^hook_(\w+)$/.exec(member)?.[1];
      if (hook !== undefined) plugin.register_hook(hook, member);
    }
  }
}

function brokenUnless<Result>(plugin: Plugin, step: () => Result): Result {
  try {
    return step();
  } catch (cause) {
    throw new HarakaHostError('pluginBroken', `plugin "${plugin.name}" cannot be loaded`, { cause });
  }
}
