export type * from './document-store.js';
export { StoreError, type LocalErrorCode, type StoreErrorCode } from './store-error.js';
export { LocalDocumentStore, newReplicaUid, openDocumentStore, type OpenDocumentStoreOptions } from './local/local-document-store.js';
export { MAX_DOCUMENT_BYTES } from './local/document-content.js';
export type { DatabaseCipher } from './local/encrypted-database.js';
export type { BlobSource } from './local/blob-store.js';
export type { SetAsideDocument, SetAsideReason } from './local/set-aside-table.js';
