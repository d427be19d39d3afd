// The header field that names a download, RFC 6266, with the extended form of RFC 8187 for names beyond ASCII.

/** Longest name given to a download; file systems commonly stop at 255 octets. */
const MAX_NAME_CHARS = 120;

/** Always `attachment`: mail content is never shown inside the origin of the web UA. */
export function attachmentDisposition(name: string): string {
  const safeName = sanitizeFileName(name);
  const asciiName = safeName.replaceAll(/[^\x20-\x7e]|["\\%]/gu, '_');
  return `attachment; filename="${asciiName}"; filename*=UTF-8''${encodeExtended(safeName)}`;
}

/** A name without directories, control characters, bidirectional overrides or leading dots. */
export function sanitizeFileName(name: string): string {
  const flat = name.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, '_').replace(/^[.\s]+|[.\s]+$/gu, '');
  return [...flat].slice(0, MAX_NAME_CHARS).join('') || 'download';
}

/** value-chars of RFC 8187 §3.2.1: what encodeURIComponent leaves, less `'`, `(`, `)` and `*`. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replaceAll(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
