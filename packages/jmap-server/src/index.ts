export { createJmapHandler, type JmapHandler, type JmapHandlerOptions } from './jmap-handler.js';
export { DEFAULT_JMAP_LIMITS, type JmapLimits } from './limits.js';
export { CAPABILITIES, CORE, MAIL, PALOMA, SETTINGS, SUBMISSION, type Capability } from './capabilities.js';
export type { Access, Authenticate } from './access.js';
