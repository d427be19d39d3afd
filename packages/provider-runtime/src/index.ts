export { StartError, type StartErrorCode } from './start-error.js';
export { TLS_PAIR_MESSAGE, isLoopback, isTlsPair, portNumber, readConfigurationFile } from './configuration-file.js';
export { readOrCreateSecretFile, readTokenFile } from './secret-file.js';
export { connectDatabase, type DatabaseOptions } from './connect-database.js';
