export * from './port/index.js';
export * from './documents/index.js';
export { INBOX_ID, SENT_ID } from './role-mailboxes.js';
