export type CommandErrorCode = 'usage' | 'notRunning' | 'refused' | 'noSecret' | 'interrupted';

/** Code → exit code of the process. If you add a code, the compiler sends you here. */
export const EXIT_CODE = { refused: 1, usage: 2, noSecret: 2, notRunning: 3, interrupted: 130 } as const satisfies Record<CommandErrorCode, number>;

/** Why a command was not done; `message` is one sentence for whoever typed it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(readonly code: CommandErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
