import type { Clock, RandomSource } from '@paloma/shared-model';
import type { JmapLimits } from './limits.js';

export interface ServerSettings {
  readonly limits: JmapLimits;
  readonly clock: Clock;
  readonly random: RandomSource;
  /** Scheme, host and port under which clients reach this server, e.g. `http://127.0.0.1:7070`. */
  readonly baseUrl: string;
  /** Told of every error that nobody expected, after the client was answered "serverFail". */
  readonly reportBug: (error: unknown) => void;
}
