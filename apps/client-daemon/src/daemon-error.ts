export type DaemonErrorCode =
  | 'badConfig' | 'portTaken' | 'noPermission' | 'diskFull' | 'alreadyRunning'
  | 'accountExists' | 'unknownAccount' | 'unknownDevice' | 'deviceRemoved' | 'wrongPassphrase' | 'wrongRecoveryCode' | 'notOpen' | 'providerUnreachable' | 'providerRefused';

/** What the daemon tells the person who runs it; `message` is one sentence that says what to do. */
export class DaemonError extends Error {
  override readonly name = 'DaemonError';
  constructor(readonly code: DaemonErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
  }
}
