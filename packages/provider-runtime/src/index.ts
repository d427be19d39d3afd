export { StartError, type StartErrorCode } from './start-error.js';
export { TLS_PAIR_MESSAGE, isLoopback, isTlsPair, portNumber, readConfigurationFile } from './configuration-file.js';
export { readOrCreateSecretFile, readTokenFile } from './secret-file.js';
export { isDatabaseOutage } from './database-outage.js';
export { Pseudonyms, type PseudonymSources } from './pseudonyms.js';
export { poolState, type PoolState } from './pool-state.js';
export { readArguments } from './command-arguments.js';
export { formatTable } from './format-table.js';
export { connectDatabase, type DatabaseOptions } from './connect-database.js';
