import { randomBytes } from 'node:crypto';
import { NOT_PROTECTED, type MessageDocument, type MessagePart } from '@paloma/shared-model';

/** 100,000 messages are 10 GB. */
const MESSAGE_BYTES = 100_000;
const TEXT_BYTES = 1_200;
/** Messages of one conversation. */
const CONVERSATION = 4;
const DOMAIN = 'news.example.org';

/** A message of a few words with one large attachment, as a list shows it; its octets are nowhere. */
export function describedMessage(number: number, sentAtMs: number): MessageDocument {
  const headerBlock = new TextEncoder().encode(headerOf(number, sentAtMs));
  const attachmentBytes = MESSAGE_BYTES - headerBlock.length - TEXT_BYTES;
  return {
    messageId: `M${randomBytes(24).toString('base64url')}`,
    headerBlock,
    sizeBytes: MESSAGE_BYTES,
    rootPart: partTree(headerBlock.length, attachmentBytes),
    content: [{ kind: 'inline', sizeBytes: TEXT_BYTES }, { kind: 'blob', blobId: randomBytes(32).toString('base64url'), sizeBytes: attachmentBytes }],
    preview: `Hello, this is message ${number}. The report of the week is attached; tell me what you think of it before we meet on Thursday.`,
    security: NOT_PROTECTED, sourceId: null, asReceived: null,
  };
}

export function subjectOf(number: number): string {
  return `Message ${number}`;
}

function headerOf(number: number, sentAtMs: number): string {
  const first = number - (number % CONVERSATION);
  const lines = [
    `Return-Path: <writer-${number % 500}@${DOMAIN}>`,
    `Received: from mail.${DOMAIN} (mail.${DOMAIN} [192.0.2.1]) by mx.paloma.test with ESMTPS; ${new Date(sentAtMs).toUTCString()}`,
    `Message-ID: <${number}@${DOMAIN}>`,
    `Date: ${new Date(sentAtMs).toUTCString().replace('GMT', '+0000')}`,
    `From: Writer ${number % 500} <writer-${number % 500}@${DOMAIN}>`,
    'To: Alice <alice@paloma.test>',
    `Subject: ${subjectOf(number)}`,
    ...(first === number ? [] : [`In-Reply-To: <${first}@${DOMAIN}>`, `References: <${first}@${DOMAIN}>`]),
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary="frontier"',
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function partTree(headerBytes: number, attachmentBytes: number): MessagePart {
  const part = { parameters: {}, contentId: null, disposition: null, filename: null, transferEncoding: '7bit', headerOffset: 0, bodyOffset: headerBytes, bodyBytes: 0, bodyLines: 0, children: [] };
  return {
    ...part, partNumber: '', mediaType: 'multipart/mixed', parameters: { boundary: 'frontier' }, bodyBytes: TEXT_BYTES + attachmentBytes,
    children: [
      { ...part, partNumber: '1', mediaType: 'text/plain', headerOffset: headerBytes + 12, bodyOffset: headerBytes + 64, bodyBytes: TEXT_BYTES - 64, bodyLines: 20 },
      {
        ...part, partNumber: '2', mediaType: 'application/pdf', disposition: 'attachment', filename: 'report.pdf', transferEncoding: 'base64',
        headerOffset: headerBytes + TEXT_BYTES - 100, bodyOffset: headerBytes + TEXT_BYTES, bodyBytes: attachmentBytes,
      },
    ],
  };
}
