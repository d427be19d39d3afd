// Writes messages for the tests: just enough of RFC 5322 and MIME to be read like real ones.

export interface MimeFile {
  name: string;
  type: string;
  octets: Uint8Array;
  /** Content-ID: an inline image. */
  cid?: string;
}

export interface MimeMessage {
  from: string;
  to: string;
  cc?: string;
  subject: string;
  dateMs: number;
  messageId: string;
  inReplyTo?: string;
  text?: string;
  html?: string;
  files?: readonly MimeFile[];
}

let boundaryCount = 0;

const base64Lines = (octets: Uint8Array): string => Buffer.from(octets).toString('base64').replaceAll(/.{76}/g, '$&\r\n');
const encodedWord = (text: string): string => (/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);
const textPart = (type: 'plain' | 'html', text: string): string =>
  `Content-Type: text/${type}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(Buffer.from(text.replaceAll('\n', '\r\n')))}\r\n`;

function filePart({ name, type, octets, cid }: MimeFile): string {
  const disposition = cid ? `Content-ID: <${cid}>\r\nContent-Disposition: inline` : 'Content-Disposition: attachment';
  return `Content-Type: ${type}; name="${name}"\r\n${disposition}; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(octets)}\r\n`;
}

function multipart(subtype: string, parts: readonly string[]): string {
  if (parts.length === 1) return parts[0] ?? '';
  const boundary = `boundary-${boundaryCount++}`;
  return `Content-Type: multipart/${subtype}; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join('')}--${boundary}--\r\n`;
}

/** A display name may have any letters; addresses are ASCII. */
const addressField = (value: string): string => value.split(', ').map((address) => address.replace(/^(.*) (<.*>)$/, (_all, name: string, rest: string) => `${encodedWord(name)} ${rest}`)).join(', ');

export function writeMime(message: MimeMessage): Uint8Array {
  const { text, html, files = [] } = message;
  const texts = [...text === undefined ? [] : [textPart('plain', text)], ...html === undefined ? [] : [textPart('html', html)]];
  const inline = files.filter(({ cid }) => cid).map(filePart);
  const attached = files.filter(({ cid }) => !cid).map(filePart);
  const body = multipart('mixed', [multipart('related', [multipart('alternative', texts), ...inline]), ...attached]);
  const fields = [
    `From: ${addressField(message.from)}`, `To: ${addressField(message.to)}`, ...message.cc ? [`Cc: ${addressField(message.cc)}`] : [],
    `Subject: ${encodedWord(message.subject)}`, `Date: ${new Date(message.dateMs).toUTCString().replace('GMT', '+0000')}`, `Message-ID: <${message.messageId}>`,
    ...message.inReplyTo ? [`In-Reply-To: <${message.inReplyTo}>`, `References: <${message.inReplyTo}>`] : [], 'MIME-Version: 1.0',
  ];
  return Buffer.from(`${fields.join('\r\n')}\r\n${body}`);
}
