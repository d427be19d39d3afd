// What the header block of a part says about its body: RFC 2045, RFC 2183.

import { findField, type HeaderField } from '../header/header-field.js';
import { parseParameterizedValue, type ParameterizedValue } from '../header/parameterized-value.js';
import { parseMessageId } from '../header/message-id-list.js';

export interface PartFacts {
  mediaType: string;
  parameters: Record<string, string>;
  contentId: string | null;
  disposition: string | null;
  filename: string | null;
  transferEncoding: string;
}

// type "/" subtype    RFC 2045 §5.1, names as RFC 6838 §4.2 bounds them
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** `defaultType` stands where there is no Content-Type; one that makes no sense counts as text/plain (RFC 2045 §5.2). */
export function readPartFacts(fields: readonly HeaderField[], defaultType: string): PartFacts {
  const contentType = parameterizedField(fields, 'Content-Type');
  const disposition = parameterizedField(fields, 'Content-Disposition');
  const contentId = findField(fields, 'Content-ID');
  const isValid = contentType !== null && MEDIA_TYPE.test(contentType.value);
  return {
    mediaType: isValid ? contentType.value : contentType === null ? defaultType : 'text/plain',
    parameters: isValid ? contentType.parameters : {},
    contentId: contentId === null ? null : parseMessageId(contentId.text),
    disposition: disposition === null || disposition.value === '' ? null : disposition.value,
    filename: disposition?.parameters['filename'] ?? contentType?.parameters['name'] ?? null,
    transferEncoding: readTransferEncoding(fields),
  };
}

/** The first field of this name as value and parameters; `null` where there is none. */
export function parameterizedField(fields: readonly HeaderField[], name: string): ParameterizedValue | null {
  const field = findField(fields, name);
  return field === null ? null : parseParameterizedValue(field.text);
}

/** RFC 2045 §6.1: 7bit where nothing is said. */
function readTransferEncoding(fields: readonly HeaderField[]): string {
  const text = findField(fields, 'Content-Transfer-Encoding')?.text ?? '';
  const token = /^[^\s;()"]{1,32}/.exec(text)?.[0] ?? '7bit';
  return token.toLowerCase();
}
