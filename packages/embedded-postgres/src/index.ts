export { EmbeddedPostgresError, type EmbeddedPostgresErrorCode } from './embedded-postgres-error.js';
export { killServerProcess } from './server-process.js';
export { startEmbeddedPostgres, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './start-embedded-postgres.js';
export { provideDatabase, type ProvidedDatabase } from './provide-database.js';
export { createTestDatabase, type TestDatabase } from './test-database.js';
