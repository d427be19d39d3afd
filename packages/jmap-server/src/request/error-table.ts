// From what a method throws to what the client is told, RFC 8620 §3.6.2. The one catch of each call uses it.

import { MailStoreError, type MailStoreErrorCode } from '@paloma/mail-store/port';
import { JmapError, type MethodErrorType } from '../jmap-error.js';
import type { JsonObject } from '../json.js';

/** If you add a MailStoreErrorCode, the compiler sends you here. */
const ERROR_BY_STORE_CODE = {
  contentUnavailable: 'serverUnavailable',
  storeClosed: 'serverUnavailable',
  internal: 'serverFail',
} satisfies Record<MailStoreErrorCode, MethodErrorType>;

/** Arguments of an `error` response. */
export function errorArguments(error: unknown): JsonObject {
  if (error instanceof MailStoreError) return { type: ERROR_BY_STORE_CODE[error.code] };
  if (!(error instanceof JmapError)) return { type: 'serverFail' };
  return error.description === undefined ? { type: error.code } : { type: error.code, description: error.description };
}

/** True for what nobody expected: it is reported, not only answered. */
export function isBug(error: unknown): boolean {
  if (error instanceof MailStoreError) return error.code === 'internal';
  return !(error instanceof JmapError);
}
