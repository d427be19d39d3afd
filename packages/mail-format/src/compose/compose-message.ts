// Writes a message from its parts: RFC 5322 header, RFC 2045 body, 7bit throughout. Same input, same octets.

import { encodeHeaderText } from '../header/encode-header-text.js';
import { foldHeader } from '../header/fold-header.js';
import { formatAddressList, type AddressInput } from '../header/format-address-list.js';
import { formatDate } from '../header/date-time.js';
import { formatParameter } from '../header/format-parameter.js';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';
import { attachmentEntity, textEntity, type AttachmentInput } from './leaf-entity.js';
import { formatEntity, formatMultipart, type BoundaryGenerator, type MimeEntity } from './mime-entity.js';

export interface ComposeInput {
  from: readonly AddressInput[];
  to: readonly AddressInput[];
  cc?: readonly AddressInput[];
  /** Written as a field, for drafts and the Sent mailbox; `removeBcc` takes it out of what leaves. */
  bcc?: readonly AddressInput[];
  replyTo?: readonly AddressInput[];
  subject: string;
  /** Epoch ms. */
  date: number;
  /** Without angle brackets, as all ids here. */
  messageId: string;
  inReplyTo?: readonly string[];
  references?: readonly string[];
  textBody?: string;
  htmlBody?: string;
  attachments?: readonly AttachmentInput[];
  userAgent?: string;
}

/**
 * Text and HTML become multipart/alternative; inline attachments with a content id go with the HTML
 * (multipart/related), all others beside it (multipart/mixed).
 * @throws {MailFormatError} "invalidAddress", "invalidMediaType", "boundaryExhausted"
 */
export function composeMessage(input: ComposeInput, newBoundary: BoundaryGenerator): Uint8Array {
  const body = bodyEntity(input, newBoundary);
  return concatOctets([encodeUtf8(`${headerFields(input)}MIME-Version: 1.0\r\n${body.headerFields}\r\n`), body.body]);
}

function headerFields(input: ComposeInput): string {
  const ids = (list: readonly string[] = []): string => list.map((id) => `<${id.replace(/[<>\s]/g, '')}>`).join(' ');
  const fields: [name: string, value: string][] = [
    ['Date', formatDate(input.date)],
    ['From', formatAddressList(input.from)],
    ['Reply-To', formatAddressList(input.replyTo ?? [])],
    ['To', formatAddressList(input.to)],
    ['Cc', formatAddressList(input.cc ?? [])],
    ['Bcc', formatAddressList(input.bcc ?? [])],
    ['Subject', encodeHeaderText(input.subject)],
    ['Message-ID', ids([input.messageId])],
    ['In-Reply-To', ids(input.inReplyTo)],
    ['References', ids(input.references)],
    ['User-Agent', encodeHeaderText(input.userAgent ?? '')],
  ];
  return fields.filter(([, value]) => value !== '').map(([name, value]) => foldHeader(name, value)).join('');
}

function bodyEntity(input: ComposeInput, newBoundary: BoundaryGenerator): MimeEntity {
  const attachments = input.attachments ?? [];
  const isResource = (attachment: AttachmentInput): boolean =>
    input.htmlBody !== undefined && attachment.disposition === 'inline' && attachment.contentId !== null;
  const text = textualEntity(input, attachments.filter(isResource), newBoundary);
  const beside = attachments.filter((attachment) => !isResource(attachment));
  if (beside.length === 0) return text;
  return formatMultipart('mixed', [text, ...beside.map(attachmentEntity)].map(formatEntity), newBoundary);
}

function textualEntity(input: ComposeInput, resources: readonly AttachmentInput[], newBoundary: BoundaryGenerator): MimeEntity {
  if (input.htmlBody === undefined) return textEntity('plain', input.textBody ?? '');
  const html = withResources(textEntity('html', input.htmlBody), resources, newBoundary);
  if (input.textBody === undefined) return html;
  return formatMultipart('alternative', [textEntity('plain', input.textBody), html].map(formatEntity), newBoundary);
}

/** RFC 2387: the root's type is said in the header. */
function withResources(html: MimeEntity, resources: readonly AttachmentInput[], newBoundary: BoundaryGenerator): MimeEntity {
  if (resources.length === 0) return html;
  return formatMultipart('related', [html, ...resources.map(attachmentEntity)].map(formatEntity), newBoundary, formatParameter('type', 'text/html'));
}
