export * from './hostile-messages.js';
export * from './manual-clock.js';
export * from './seeded-random.js';
export * from './property.js';
export * from './temporary-directory.js';
export * from './sync-vectors.js';
export * from './processor-time.js';
