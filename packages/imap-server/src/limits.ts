import { MAX_MESSAGE_BYTES } from '@paloma/shared-model';

export interface ImapLimits {
  /** Largest message of APPEND (APPENDLIMIT, RFC 7889). It is held in memory until it is filed. */
  maxMessageBytes: number;
  /** A connection on which nothing moves is closed after this long; RFC 3501 §5.4 asks for at least 30 minutes. */
  idleTimeoutMs: number;
  /** From connecting to a successful log-in. Strangers must not hold connections. */
  loginTimeoutMs: number;
  /** Wrong log-ins on one connection. The gateway counts over all connections; this ends a cheap way of trying. */
  maxFailedLogins: number;
  /** Mail programs open 5 to 10; without a bound one that loops takes every descriptor. */
  maxConnectionsPerAccount: number;
  /** Over all accounts, strangers included. */
  maxConnections: number;
}

export const DEFAULT_LIMITS: ImapLimits = {
  maxMessageBytes: MAX_MESSAGE_BYTES,
  idleTimeoutMs: 30 * 60_000,
  loginTimeoutMs: 60_000,
  maxFailedLogins: 5,
  maxConnectionsPerAccount: 50,
  maxConnections: 500,
};

/** Text of one command after log-in. RFC 7162 §4 asks for 8192 at least; programs send long UID lists. */
export const MAX_COMMAND_LINE_BYTES = 128 * 1024;
/** Literals of one command other than APPEND: search texts, mailbox names. */
export const MAX_COMMAND_LITERAL_BYTES = 64 * 1024;
