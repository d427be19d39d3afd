export type StartErrorCode = 'badConfiguration' | 'portTaken' | 'databaseUnreachable' | 'filesUnusable';

/** Why a program of the provider cannot start; `message` is one sentence for whoever runs it. */
export class StartError extends Error {
  override readonly name = 'StartError';
  constructor(readonly code: StartErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
