export type * from './document-store.js';
