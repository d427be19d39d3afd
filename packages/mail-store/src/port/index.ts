export type * from './mail-store.js';
export type * from './mailbox.js';
export type * from './mailbox-view.js';
export type * from './email.js';
export type * from './query.js';
export type * from './state.js';
export type * from './submission.js';
export type * from './account-gateway.js';
export * from './mail-store-error.js';
