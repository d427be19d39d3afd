import { startEmbeddedPostgres, type EmbeddedPostgresOptions } from './start-embedded-postgres.js';

export interface ProvidedDatabase {
  /** Holds the password: not for logs. */
  url: string;
  stop(): Promise<void>;
}

/** The server that DATABASE_URL names; without it the embedded one in `directory`. */
export async function provideDatabase(options: EmbeddedPostgresOptions): Promise<ProvidedDatabase> {
  const url = process.env['DATABASE_URL'];
  if (url) return { url, stop: async () => undefined };
  return startEmbeddedPostgres(options);
}
