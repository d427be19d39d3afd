/**
 * - `pluginNotFound`: neither a file nor a package has this name
 * - `pluginBroken`: loading or registering it threw
 * - `pluginRefusedStart`: its init hook answered anything but CONT or OK
 * - `hostRunning`: there is one in this process; Haraka's plugins know one server only
 */
export type HarakaHostErrorCode = 'pluginNotFound' | 'pluginBroken' | 'pluginRefusedStart' | 'hostRunning';

export class HarakaHostError extends Error {
  override readonly name = 'HarakaHostError';
  constructor(readonly code: HarakaHostErrorCode, message: string, options?: ErrorOptions) {
    super(`haraka-host: ${message}`, options);
  }
}
