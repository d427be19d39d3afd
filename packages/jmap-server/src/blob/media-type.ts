// type-name "/" subtype-name     RFC 6838 §4.2, without parameters
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}$/;

/** The media type without its parameters; `application/octet-stream` for what is none: it goes into a header field. */
export function safeMediaType(text: string | null | undefined): string {
  const mediaType = (text ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return MEDIA_TYPE.test(mediaType) ? mediaType : 'application/octet-stream';
}
