import type { HostEvents } from './logging/host-log.js';
import type { MemoryBudget } from './session/message-step.js';

export interface HarakaHostOptions {
  /** Holds `config/` with the settings of plugins, and perhaps `plugins/` with files. What Haraka calls its installation. */
  directory: string;
  /** Names with or without `haraka-plugin-`, in the order in which they run; by default the lines of `config/plugins`. */
  plugins?: readonly string[];
  /** Plugins are also looked for below these: in `plugins/`, and in each `node_modules` above. */
  furtherDirectories?: readonly string[];
  /**
   * Name servers, `address` or `address:port`, for all plugins instead of the system's: those that ask blocklists should have a
   * resolver of their own. They hold for the whole process.
   */
  dnsServers?: readonly string[];
  /** Further members of the global `server` of plugins, such as `http`. */
  server?: Readonly<Record<string, unknown>>;
  /** Without it nothing limits how many messages are in memory at once. */
  budget?: MemoryBudget;
  events?: HostEvents;
  /** Set by `startHarakaHost`. */
  onClosed?: () => void;
}
