// The closed list of error codes on the wire between daemon, provider-sync and provider-mx.
// A code is part of the protocol: adding one is a protocol change (docs/protocol/sync.md §9) and needs a row in
// the HTTP table of provider-sync and in the client's table of what is retryable.

/** Code → [HTTP status, whether the same request may succeed later without a change by the caller]. */
export const WIRE_ERRORS = {
  badRequest: [400, false],
  unauthorized: [401, false],
  loginFailed: [401, false],
  forbidden: [403, false],
  accountDisabled: [403, true],
  invalidInvite: [403, false],
  notFound: [404, false],
  addressTaken: [409, false],
  conflict: [409, false],
  generationUnknown: [409, false],
  transactionMismatch: [409, false],
  leaseLost: [409, false],
  alreadyExists: [409, false],
  gone: [410, false],
  preconditionFailed: [412, false],
  tooLarge: [413, false],
  rangeNotSatisfiable: [416, false],
  unsupportedVersion: [426, false],
  rateLimited: [429, true],
  internal: [500, true],
  unavailable: [503, true],
  quotaExceeded: [507, false],
} as const satisfies Record<string, readonly [status: number, retryable: boolean]>;

export type WireErrorCode = keyof typeof WIRE_ERRORS;

export function isWireErrorCode(code: unknown): code is WireErrorCode {
  return typeof code === 'string' && Object.hasOwn(WIRE_ERRORS, code);
}
