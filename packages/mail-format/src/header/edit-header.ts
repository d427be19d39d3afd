// Changes to the top header block that leave every other octet as it was.

import { concatOctets, encodeUtf8 } from '../octets/octets.js';
import { isNamed, parseHeaderBlock, type HeaderField } from './header-field.js';
import { stripComments } from './comment.js';
import { foldHeader } from './fold-header.js';

/** Without Bcc and Resent-Bcc (RFC 5322 §3.6.3): who they name must not be told to anybody. All of them, past any limit. */
export function removeBcc(message: Uint8Array): Uint8Array {
  return removeFields(message, (field) => isNamed(field, 'Bcc') || isNamed(field, 'Resent-Bcc'));
}

/**
 * Without the Authentication-Results fields that claim to be of this authserv-id, RFC 8601 §5: only the host of that name may add them.
 * All of them, past any limit.
 */
export function removeAuthenticationResults(message: Uint8Array, authservId: string): Uint8Array {
  return removeFields(message, (field) => isNamed(field, 'Authentication-Results') && authservIdOf(field) === authservId.toLowerCase());
}

/** Puts trace fields (RFC 5322 §3.6.7) on top, the first of `fields` topmost. @throws {MailFormatError} "invalidFieldName" */
export function addTraceHeader(message: Uint8Array, fields: readonly { name: string; value: string }[]): Uint8Array {
  return concatOctets([...fields.map(({ name, value }) => encodeUtf8(foldHeader(name, value))), message]);
}

/** What stands before the version or the first semicolon, comments aside, RFC 8601 §2.2: as generously as any reader may read it. */
function authservIdOf({ text }: HeaderField): string {
  return /^[^\s;]*/.exec(stripComments(text).replace(/["\\]/g, '').trim())?.[0].toLowerCase().replace(/\.$/, '') ?? '';
}

function removeFields(message: Uint8Array, isUnwanted: (field: HeaderField) => boolean): Uint8Array {
  const unwanted = parseHeaderBlock(message, Number.POSITIVE_INFINITY).filter(isUnwanted);
  if (unwanted.length === 0) return message;
  const kept: Uint8Array[] = [];
  let at = 0;
  for (const field of unwanted) {
    kept.push(message.subarray(at, field.offset));
    at = field.offset + field.sizeBytes;
  }
  return concatOctets([...kept, message.subarray(at)]);
}
