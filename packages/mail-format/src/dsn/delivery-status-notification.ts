// Notices of what became of a message: multipart/report (RFC 6522) with message/delivery-status (RFC 3464). Of the original
// message only the header goes back (RFC 3464 §2.1: text/rfc822-headers), since its body may be long and is the sender's own;
// the whole where he asked for it (RET=FULL) and it failed.

import type { ReturnedPart } from '@paloma/shared-model';
import type { BoundaryGenerator } from '../compose/mime-entity.js';
import { formatMultipart, formatTextPart } from '../compose/mime-entity.js';
import { formatDate } from '../header/date-time.js';
import { foldHeader } from '../header/fold-header.js';
import { formatParameter } from '../header/format-parameter.js';
import { canonicalizeLineEnds, concatOctets, encodeUtf8 } from '../octets/octets.js';
import { parseMessage } from '../structure/parse-message.js';
import { formatOriginalRecipient } from './dsn-parameters.js';

/** RFC 3464 §2.3.3. "relayed": handed to a host that tells nobody what becomes of it. */
export type DeliveryAction = 'failed' | 'delayed' | 'relayed' | 'delivered';

export interface FailedRecipient {
  forwardPath: string;
  /** ORCPT of the submission, `rfc822;b@example.net`, RFC 3461 §4.2. */
  originalRecipient?: string | null;
  /** Enhanced status code, RFC 3463. */
  status: string;
  /** What the other side said last, `550 5.1.1 no such mailbox`, or what we say without a reply code; null: nothing. */
  diagnostic: string | null;
  /** Host that said it. */
  remoteMta: string | null;
}

export interface DeliveryStatusNotification {
  /** Domain of this host, for From and Message-ID. */
  domain: string;
  /** Name of this host. */
  reportingMta: string;
  /** Reverse path of the original message. */
  sender: string;
  /** Left part of the Message-ID; unique. */
  id: string;
  date: number;
  /** When the original message was taken in, epoch ms. */
  arrivedAt: number;
  /** What became of it, for all of the recipients; "failed" unless told. */
  action?: DeliveryAction;
  /** ENVID of the submission, RFC 3461 §4.4. */
  envelopeId?: string | null;
  /** Until when a delayed message is tried, epoch ms. */
  willRetryUntil?: number;
  failedRecipients: readonly FailedRecipient[];
  original: Uint8Array;
  /** RET of the submission; the header unless told. */
  returnedPart?: ReturnedPart | null;
}

/** A larger message is not given back whole: the notice has to pass where the message did, and be kept beside it. RFC 3461 §6.2 lets a host be brief. */
const MAX_RETURNED_BYTES = 10 * 1024 * 1024;

const EIGHT_BITS = 'Content-Transfer-Encoding: 8bit\r\n';

/** What people read. */
const TEXTS = {
  failed: { subject: 'Your message could not be delivered', opening: 'Your message could not be delivered to:', closing: 'It will not be tried again.' },
  delayed: { subject: 'Your message is delayed', opening: 'Your message has not yet been delivered to:', closing: 'You need do nothing: it will be tried again.' },
  relayed: { subject: 'Your message was handed on', opening: 'Your message was handed on, to hosts that may not tell what becomes of it, for:', closing: 'No other notice may follow.' },
  delivered: { subject: 'Your message was delivered', opening: 'Your message was delivered to:', closing: 'This notice was asked for.' },
} as const satisfies Record<DeliveryAction, { subject: string; opening: string; closing: string }>;

export function formatDeliveryStatusNotification(notice: DeliveryStatusNotification, newBoundary: BoundaryGenerator): Uint8Array {
  const parts = [formatTextPart('plain', explanation(notice)), deliveryStatusPart(notice), originalPart(notice)];
  const report = formatMultipart('report', parts, newBoundary, formatParameter('report-type', 'delivery-status'));
  const header = [
    foldHeader('Date', formatDate(notice.date)),
    foldHeader('From', `Mail Delivery System <mailer-daemon@${notice.domain}>`),
    foldHeader('To', `<${notice.sender}>`),
    foldHeader('Subject', TEXTS[notice.action ?? 'failed'].subject),
    foldHeader('Message-ID', `<${notice.id}@${notice.domain}>`),
    // RFC 3834 §5: nobody's automatic answer to this.
    foldHeader('Auto-Submitted', 'auto-replied'),
    'MIME-Version: 1.0\r\n',
    // RFC 2045 §6.4: what holds a part of eight bits says so too.
    hasEightBits(returnedOctets(notice)) ? EIGHT_BITS : '',
  ];
  return concatOctets([encodeUtf8(`${header.join('')}${report.headerFields}\r\n`), report.body]);
}

function explanation(notice: DeliveryStatusNotification): string {
  const lines = notice.failedRecipients.map(({ forwardPath, status, diagnostic }) => `  ${forwardPath}\n    ${diagnostic ?? status}\n`);
  const { opening, closing } = TEXTS[notice.action ?? 'failed'];
  return `${opening}\n\n${lines.join('\n')}\n${closing} ${isReturnedWhole(notice) ? 'Your message' : 'The header of your message'} is attached.\n`;
}

/** RFC 3464 §2: fields about the message, then a group of fields for each recipient, groups parted by empty lines. */
function deliveryStatusPart(notice: DeliveryStatusNotification): Uint8Array {
  const aboutMessage = [
    notice.envelopeId ? foldHeader('Original-Envelope-Id', notice.envelopeId) : '',
    foldHeader('Reporting-MTA', `dns; ${notice.reportingMta}`),
    foldHeader('Arrival-Date', formatDate(notice.arrivedAt)),
  ];
  const groups = [aboutMessage.join(''), ...notice.failedRecipients.map((recipient) => recipientFields(recipient, notice))];
  return encodeUtf8(`Content-Type: message/delivery-status\r\n\r\n${groups.join('\r\n')}`);
}

function recipientFields(recipient: FailedRecipient, { action = 'failed', willRetryUntil }: DeliveryStatusNotification): string {
  const fields = [
    recipient.originalRecipient ? foldHeader('Original-Recipient', typedAddress(recipient.originalRecipient)) : '',
    foldHeader('Final-Recipient', typedAddress(`${/^[\x20-\x7e]*$/.test(recipient.forwardPath) ? 'rfc822' : 'utf-8'};${recipient.forwardPath}`)),
    foldHeader('Action', action),
    foldHeader('Status', recipient.status),
    recipient.remoteMta === null ? '' : foldHeader('Remote-MTA', `dns; ${recipient.remoteMta}`),
    recipient.diagnostic === null ? '' : foldHeader('Diagnostic-Code', `${diagnosticType(recipient.diagnostic)}; ${printable(recipient.diagnostic)}`),
    willRetryUntil === undefined ? '' : foldHeader('Will-Retry-Until', formatDate(willRetryUntil)),
  ];
  return fields.join('');
}

/** An address that is not ASCII has a type of its own, and in this part, which is ASCII, a form that is too (RFC 6533 §3). */
function typedAddress(recipient: string): string {
  return (recipient.startsWith('utf-8;') ? formatOriginalRecipient(recipient) : recipient).replace(';', '; ');
}

/** RFC 3464 §2.3.6: "smtp" is for replies of SMTP; what we found out ourselves has a name of our own. */
function diagnosticType(diagnostic: string): string {
  return /^[245]\d\d(?:[ -]|$)/.test(diagnostic) ? 'smtp' : 'x-paloma';
}

/** Replies may hold UTF-8 (RFC 6531 §3.7.4), or whatever a host sends; this part holds printable ASCII. What is not is written as in addresses. */
function printable(diagnostic: string): string {
  return diagnostic.replace(/[\r\n]+/g, ' ').replace(/[^ -~]/gu, (character) => `\\x{${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}}`);
}

/** What goes back, named as what it is: header fields in UTF-8 have types of their own (RFC 6533 §4, §5). */
function originalPart(notice: DeliveryStatusNotification): Uint8Array {
  const octets = returnedOctets(notice);
  const isInternational = isUtf8BeyondAscii(headerOf(notice.original));
  const type = isReturnedWhole(notice)
    ? (isInternational ? 'message/global' : 'message/rfc822')
    : (isInternational ? 'message/global-headers' : 'text/rfc822-headers');
  return concatOctets([encodeUtf8(`Content-Type: ${type}\r\n${hasEightBits(octets) ? EIGHT_BITS : ''}\r\n`), octets]);
}

function returnedOctets(notice: DeliveryStatusNotification): Uint8Array {
  return isReturnedWhole(notice) ? notice.original : canonicalizeLineEnds(headerOf(notice.original));
}

function headerOf(original: Uint8Array): Uint8Array {
  return original.subarray(0, parseMessage(original).headerEndOffset);
}

/** RFC 3461 §4.3: RET is about notices of failure; all others have the header alone. */
function isReturnedWhole({ action = 'failed', returnedPart, original }: DeliveryStatusNotification): boolean {
  return action === 'failed' && returnedPart === 'FULL' && original.length <= MAX_RETURNED_BYTES;
}

function hasEightBits(octets: Uint8Array): boolean {
  return octets.some((octet) => octet > 0x7f);
}

function isUtf8BeyondAscii(octets: Uint8Array): boolean {
  if (!hasEightBits(octets)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets);
    return true;
  } catch {
    return false;
  }
}
