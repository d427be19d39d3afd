export type StartErrorCode = 'badConfiguration' | 'portTaken' | 'databaseUnreachable' | 'filesUnusable';

/** Why the process cannot start: one sentence for whoever runs it. */
export class StartError extends Error {
  override readonly name = 'StartError';
  constructor(readonly code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(`provider-mx: ${message}`, options);
  }
}
