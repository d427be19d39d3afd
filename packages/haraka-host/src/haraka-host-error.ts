/**
 * - `pluginNotFound`: neither a file nor a package has this name
 * - `pluginBroken`: loading or registering it threw
 * - `pluginRefusedStart`: its init hook answered anything but CONT or OK
 * - `pagesUnavailable`: `config/http.ini` asks for web pages, and they cannot be served
 * - `hostRunning`: there is one in this process; Haraka's plugins know one server only
 */
export type HarakaHostErrorCode = 'pluginNotFound' | 'pluginBroken' | 'pluginRefusedStart' | 'pagesUnavailable' | 'hostRunning';

export class HarakaHostError extends Error {
  override readonly name = 'HarakaHostError';
  constructor(readonly code: HarakaHostErrorCode, message: string, options?: ErrorOptions) {
    super(`haraka-host: ${message}`, options);
  }
}
