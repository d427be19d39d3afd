// What a message may ask of its reader. Past a limit the rest of the message is one opaque part: still there octet for
// octet, only not looked into. The first four together keep header block and part tree within one sealed document
// (MAX_SEALED_DOCUMENT_BYTES), which is where they are filed.

/** Header block of one part, in octets. Senders stay under 64 KiB; most relays refuse more than 100 KiB. */
export const MAX_HEADER_BLOCK_BYTES = 256 * 1024;
/** Parts of one message. Each costs some 250 octets in the part tree. */
export const MAX_PARTS = 2_000;
/** Characters of part numbers, parameters, file names and content ids in one part tree; later parts go without them. */
export const MAX_PART_TREE_TEXT_CHARS = 64 * 1024;
/** Characters of one parameter value, RFC 2045 §5.1 sets none. */
export const MAX_PARAMETER_VALUE_CHARS = 1_024;
/** Parameters of one header field. */
export const MAX_PARAMETERS = 64;
/** Depth of multipart and message/rfc822 nesting; parser and walkers recurse that deep. */
export const MAX_NESTING = 50;
/** Header fields that are read in one header block. */
export const MAX_HEADER_FIELDS = 1_000;
/** Octets of a body that `previewText` looks at. */
export const MAX_PREVIEW_SOURCE_BYTES = 64 * 1024;
/** Octets of a decoded body that `decodePartText` turns into a string unless told otherwise. */
export const MAX_TEXT_BYTES = 8 * 1024 * 1024;
