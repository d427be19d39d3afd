export { createMemoryMailStore, type MemoryMailStoreOptions } from './memory-mail-store.js';
export { createMemorySubmissionService, type MemorySubmissionServiceOptions } from './memory-submission-service.js';
