import { startEmbeddedPostgres, type EmbeddedPostgresOptions } from './start-embedded-postgres.js';

export interface ProvidedDatabase {
  /** Holds the password: not for logs. */
  url: string;
  /** Null for a server that is not ours. */
  pid: number | null;
  stop(): Promise<void>;
}

/** The server that DATABASE_URL names; without it the embedded one in `directory`. */
export async function provideDatabase(options: EmbeddedPostgresOptions): Promise<ProvidedDatabase> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, pid: null, stop: async () => undefined };
  return startEmbeddedPostgres(options);
}
