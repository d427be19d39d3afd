export type DeploymentErrorCode = 'alreadyRunning' | 'portTaken' | 'noPermission' | 'diskFull' | 'processFailed' | 'controlRefused';

/** What stopped a deployment; `message` is one sentence for the person who started it. */
export class DeploymentError extends Error {
  override readonly name = 'DeploymentError';
  constructor(readonly code: DeploymentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}

const NO_PERMISSION = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'noPermission']);
const DISK_FULL = new Set(['ENOSPC', 'EDQUOT', 'diskFull']);

/**
 * Turns what the operating system, or the embedded database, says of `home` into a sentence that says what to do. Other errors
 * pass through.
 */
export function explainSystemError(error: unknown, home: string): unknown {
  const { code = '', syscall } = (error ?? {}) as NodeJS.ErrnoException;
  // Node reports ENOENT when a directory cannot be made on a read-only file system.
  const cannotMakeDirectory = code === 'ENOENT' && syscall === 'mkdir';
  if (NO_PERMISSION.has(code) || cannotMakeDirectory) {
    return new DeploymentError('noPermission', `No permission to write ${home}: choose another folder with PALOMA_HOME, or change its owner.`, { cause: error });
  }
  if (DISK_FULL.has(code)) return new DeploymentError('diskFull', `The disk that holds ${home} is full: make room, then start again.`, { cause: error });
  return error;
}
