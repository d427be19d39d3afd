// A message is split so that what a list needs (header block, part tree) travels apart from bodies, and so that the
// original octets can always be put together again: join(split(message)) is the message, byte for byte.
//
//   octets = headerBlock ‖ content[0] ‖ content[1] ‖ …     (content[i]: a range of the message-content document, or a blob)

import { z } from 'zod';
import { bytes, octetCount } from './document.js';
import { securityFacts } from '../security-status.js';

/** One MIME part. Offsets are octets from the start of the message. `partNumber` as in IMAP, RFC 9051 §6.4.5; '' for the root. */
export interface MessagePart {
  partNumber: string;
  /** Lower-case `type/subtype`. */
  mediaType: string;
  parameters: Record<string, string>;
  contentId: string | null;
  disposition: string | null;
  /** Decoded file name (RFC 2231, RFC 2047), not made safe for a disk. */
  filename: string | null;
  /** Content-Transfer-Encoding, lower case. */
  transferEncoding: string;
  headerOffset: number;
  bodyOffset: number;
  bodyBytes: number;
  /** Lines of the body; IMAP wants them for text/* and message/rfc822. */
  bodyLines: number;
  children: MessagePart[];
}

export const messagePart: z.ZodType<MessagePart> = z.lazy(() => z.object({
  partNumber: z.string(),
  mediaType: z.string(),
  parameters: z.record(z.string(), z.string()),
  contentId: z.string().nullable(),
  disposition: z.string().nullable(),
  filename: z.string().nullable(),
  transferEncoding: z.string(),
  headerOffset: octetCount,
  bodyOffset: octetCount,
  bodyBytes: octetCount,
  bodyLines: octetCount,
  children: z.array(messagePart),
}));

/** A run of octets after the header block: `inline` ranges lie one after another in the message-content document. */
export const contentRun = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('inline'), sizeBytes: octetCount }),
  z.object({ kind: z.literal('blob'), blobId: z.string(), sizeBytes: octetCount }),
]);
export type ContentRun = z.infer<typeof contentRun>;

/** `message:<messageId>`, immutable. */
export const messageDocument = z.object({
  messageId: z.string(),
  /** Raw header block with its empty line, exactly as it stood. */
  headerBlock: bytes,
  sizeBytes: octetCount,
  rootPart: messagePart,
  content: z.array(contentRun),
  /** First words of the text, for lists; at most 256 characters. */
  preview: z.string(),
  security: securityFacts,
  /** What it was made from (an incoming item, a submission); null for what a program appended. */
  sourceId: z.string().nullable(),
  /** Octets as they were received, where decryption changed them. */
  asReceived: z.object({ blobId: z.string(), sizeBytes: octetCount }).nullable(),
});
export type MessageDocument = z.infer<typeof messageDocument>;

/** `message-content:<messageId>`, immutable: the inline runs, one after another. */
export const messageContentDocument = z.object({ messageId: z.string(), octets: bytes });
export type MessageContentDocument = z.infer<typeof messageContentDocument>;

