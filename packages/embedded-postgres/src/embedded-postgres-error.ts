export type EmbeddedPostgresErrorCode = 'unsupportedPlatform' | 'diskFull' | 'noPermission' | 'busy' | 'startFailed';

/** Why no server could be had. The message is one sentence for whoever runs the program; it holds no password. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  constructor(readonly code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(`embedded-postgres: ${message}`, options);
  }
}

/** Tells what went wrong from what PostgreSQL or the operating system said. `output` is cut to its last lines. */
export function errorFromOutput(doing: string, output: string): EmbeddedPostgresError {
  const lastLines = output.trim().split('\n').slice(-3).join(' | ');
  if (/No space left on device|ENOSPC/.test(output)) return new EmbeddedPostgresError('diskFull', `${doing}: the disk is full`);
  if (/Permission denied|EACCES|EPERM/.test(output)) return new EmbeddedPostgresError('noPermission', `${doing}: ${lastLines}`);
  return new EmbeddedPostgresError('startFailed', `${doing}: ${lastLines}`);
}
