export type DeploymentErrorCode = 'alreadyRunning' | 'portTaken' | 'noPermission' | 'diskFull' | 'processFailed' | 'controlRefused';

/** What stopped a deployment; `message` is one sentence for the person who started it. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
  constructor(readonly code: DeploymentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

/** Turns what the operating system says into a sentence that says what to do. Other errors pass through. */
export function explainSystemError(error: unknown, subject: string): unknown {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR') {
    return new DeploymentError('noPermission', `No permission to write ${subject}: choose another folder with PALOMA_HOME, or change its owner.`, { cause: error });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new DeploymentError('diskFull', `The disk that holds ${subject} is full: make room, then start again.`, { cause: error });
  }
  return error;
}
