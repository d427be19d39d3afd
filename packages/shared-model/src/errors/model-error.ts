export type ModelErrorCode = 'invalidId' | 'invalidAddress' | 'invalidDocument' | 'invalidRevision';

/** A value that breaks the rules of the shared model. Messages never quote the value: it may be an address. */
export class ModelError extends Error {
  override readonly name = 'ModelError';
  constructor(readonly code: ModelErrorCode, message: string) {
    super(`shared-model: ${message}`);
  }
}
