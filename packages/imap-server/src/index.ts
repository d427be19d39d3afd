export { createImapServer, type ImapServer, type ImapServerOptions } from './imap-server.js';
export { DEFAULT_LIMITS, type ImapLimits } from './limits.js';
export type { ImapLogger } from './imap-logger.js';
export { ImapError, type ImapErrorCode } from './imap-error.js';
export type { ImapTap } from './imap-tap.js';
