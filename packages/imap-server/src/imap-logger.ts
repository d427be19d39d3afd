/** Where unexpected failures go. Messages name no address, content or credential. */
export interface ImapLogger {
  error(message: string, cause: unknown): void;
}

export const silentLogger: ImapLogger = { error: () => {} };
