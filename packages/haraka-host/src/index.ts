// Runs unmodified Haraka plugins on top of smtp-server. What is supported stands in the README.

import { HarakaHostError } from './haraka-host-error.js';
import { useNameServers } from './dns/plugin-resolver.js';
import type { HarakaHost } from './haraka-host.js';
import type { HarakaHostOptions } from './haraka-host-options.js';

export { HarakaHostError, type HarakaHostErrorCode } from './haraka-host-error.js';
export type { HarakaHost } from './haraka-host.js';
export type { HarakaHostOptions } from './haraka-host-options.js';
export type { FailureCode, HostEvents } from './logging/host-log.js';
export type { Level, LogLine } from './logging/log-methods.js';
export { receivedSha256 } from './smtp/message-stream.js';
export type { MemoryBudget } from './session/message-step.js';

let isRunning = false;

/**
 * Loads the plugins and runs their `init_master` hooks. One host at a time: plugins and Haraka's libraries know one server,
 * through globals and `process.env.HARAKA`, which this sets.
 * @throws {HarakaHostError} any of its codes
 */
export async function startHarakaHost(options: HarakaHostOptions): Promise<HarakaHost> {
  if (isRunning) throw new HarakaHostError('hostRunning', 'another host runs in this process');
  isRunning = true;
  // Haraka's libraries look at both when they are loaded, so they are loaded only now.
  process.env['HARAKA'] = options.directory;
  process.env['HARAKA_LOGS_SUPPRESS'] ??= 'true';   // or haraka-tld counts its lists aloud on standard output
  if (options.dnsServers !== undefined) useNameServers(options.dnsServers);
  try {
    const { HarakaHost: Host } = await import('./haraka-host.js');
    return await Host.start({ ...options, onClosed: () => void (isRunning = false) });
  } catch (error) {
    isRunning = false;
    throw error;
  }
}
