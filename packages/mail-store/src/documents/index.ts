import type { Projection } from '@paloma/document-store';
import { mailProjection } from './mail-projection.js';
import { mailRemovalProjection } from './message-removal.js';
import { mailTextProjection } from './text-tables.js';

/** To be passed to `openDocumentStore`. */
export const mailProjections: readonly Projection[] = [mailProjection, mailTextProjection, mailRemovalProjection];

export { createDocumentMailStore, type DocumentMailStore, type DocumentMailStoreOptions } from './document-mail-store.js';
export { mergers, mergeMailboxDocuments } from './mergers.js';
export { repairAfterSync } from './repair-after-sync.js';
export { MAIL_BLOBS } from './blob-references.js';
