export { createMemoryMailStore, type MemoryMailStoreOptions } from './memory-mail-store.js';
export { createMemoryAccountSettings, type MemoryAccountSettings, type MemoryAccountSettingsOptions } from './memory-account-settings.js';
export { createMemoryKeyReview, type MemoryKeyReview, type MemoryKeyReviewOptions } from './memory-key-review.js';
export { createMemorySubmissionService, type MemorySubmissionServiceOptions } from './memory-submission-service.js';
