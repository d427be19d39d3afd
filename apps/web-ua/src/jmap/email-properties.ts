import type { Email, EmailContent } from './types.js';

/** What the list and the head of a message show. */
export const LIST_PROPERTIES = [
  'id', 'threadId', 'mailboxIds', 'keywords', 'from', 'to', 'subject', 'preview', 'receivedAt', 'size', 'hasAttachment', 'security',
] as const satisfies readonly (keyof Email)[];

/** What is fetched once, when a message is read. */
export const CONTENT_PROPERTIES = [
  'cc', 'bcc', 'replyTo', 'messageId', 'inReplyTo', 'references', 'sentAt', 'textBody', 'htmlBody', 'attachments', 'bodyValues',
] as const satisfies readonly (keyof EmailContent)[];

export const BODY_PART_PROPERTIES = ['partId', 'blobId', 'size', 'name', 'type', 'disposition', 'cid'] as const;

/** A body longer than this is shown cut; the frame would take seconds to lay it out. */
export const MAX_BODY_VALUE_BYTES = 2_000_000;

/** Arguments of the Email/get that reads whole messages. */
export const CONTENT_ARGUMENTS = {
  properties: [...LIST_PROPERTIES, ...CONTENT_PROPERTIES],
  bodyProperties: BODY_PART_PROPERTIES,
  fetchTextBodyValues: true,
  fetchHTMLBodyValues: true,
  maxBodyValueBytes: MAX_BODY_VALUE_BYTES,
};

/** Moves what belongs to the content out of the flat answer of Email/get. */
export function withContent({ cc, bcc, replyTo, messageId, inReplyTo, references, sentAt, textBody, htmlBody, attachments, bodyValues, ...email }: Email & EmailContent): Email {
  return { ...email, content: { cc, bcc, replyTo, messageId, inReplyTo, references, sentAt, textBody, htmlBody, attachments, bodyValues } };
}
