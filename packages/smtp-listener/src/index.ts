// What all of our SMTP servers add to smtp-server: enhanced status codes in texts, and messages in chunks.

export { isAbandonment } from './chunking/abandonment.js';
export { ChunkingConnection } from './chunking/chunking-connection.js';
export { hasKnownParameters, MAIL_PARAMETERS } from './parameters.js';
export { hasEnhancedStatus } from './reply/enhanced-status.js';
export type { Done, Reply } from './reply/replying-connection.js';
export { SmtpListener } from './smtp-listener.js';
