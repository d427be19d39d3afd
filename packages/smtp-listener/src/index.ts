// What all of our SMTP servers add to smtp-server: enhanced status codes in texts, messages in chunks, and DSN.

export { isAbandonment } from './chunking/abandonment.js';
export { ChunkingConnection } from './chunking/chunking-connection.js';
export { deliveryStatusRequestIn } from './dsn/delivery-status-request.js';
export { DsnClient } from './dsn/dsn-client.js';
export { hasKnownParameters, MAIL_DSN_PARAMETERS, MAIL_PARAMETERS, RCPT_DSN_PARAMETERS } from './parameters.js';
export { hasEnhancedStatus } from './reply/enhanced-status.js';
export type { Done, Reply } from './reply/replying-connection.js';
export { SmtpListener } from './smtp-listener.js';
