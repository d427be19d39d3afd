export type HttpErrorCode = 'badRequest' | 'unauthorized' | 'wrongPassphrase' | 'forbidden' | 'notFound' | 'conflict' | 'tooLarge' | 'rateLimited' | 'internal' | 'unavailable';

/** Code → HTTP status. If you add a code, the compiler sends you here. */
export const HTTP_STATUS = {
  badRequest: 400, unauthorized: 401, wrongPassphrase: 401, forbidden: 403, notFound: 404, conflict: 409, tooLarge: 413, rateLimited: 429, internal: 500, unavailable: 503,
} as const satisfies Record<HttpErrorCode, number>;

export class HttpError extends Error {
  override readonly name = 'HttpError';
  /** `sentence` is shown to the user. */
  constructor(readonly code: HttpErrorCode, readonly sentence = '') {
    super(`http: ${code}`);
  }
}
