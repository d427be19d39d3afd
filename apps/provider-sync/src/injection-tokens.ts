/** Names under which values without a class are injected. */
export const CLOCK = Symbol('Clock');
export const RANDOM = Symbol('RandomSource');
export const CONFIGURATION = Symbol('Configuration');
export const OPAQUE_SETUP = Symbol('OpaqueSetup');
export const SERVICE_TOKENS = Symbol('ServiceTokens');
export const SUBMISSION_AUTHORITY = Symbol('SubmissionAuthority');
