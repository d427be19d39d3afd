// Notices read: multipart/report (RFC 6522) with message/delivery-status (RFC 3464) or its international form (RFC 6533 §4). Anybody can
// send one, so what it says is a claim: whoever acts on it has to know the envelope id or the message that it names.

import type { MessagePart } from '@paloma/shared-model';
import { decodePartBody } from '../body/decode-part.js';
import { stripComments } from '../header/comment.js';
import { parseHeaderDate } from '../header/date-time.js';
import { findField, parseHeaderBlock, type HeaderField } from '../header/header-field.js';
import { parseMessageIdList } from '../header/message-id-list.js';
import { LineCursor } from '../octets/line-cursor.js';
import type { DeliveryAction } from './delivery-status-notification.js';
import { parseOriginalRecipient } from './dsn-parameters.js';

/** Octets of the part for programs that are read. A thousand recipients with long diagnostics take less. */
const MAX_DELIVERY_STATUS_BYTES = 512 * 1024;
/** Recipients of one notice: no more go into one message. */
const MAX_REPORTED_RECIPIENTS = 1_000;

/** RFC 3464 §2.3.3. "expanded": handed on to the members of a list. */
const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const satisfies readonly (DeliveryAction | 'expanded')[];
export type ReportedAction = (typeof ACTIONS)[number];

export interface ReportedRecipient {
  /** The address that the reporting host knew, without its type. */
  finalRecipient: string;
  /** ORCPT of the submission, with its type: `rfc822;b@example.net`; null where it was not told. */
  originalRecipient: string | null;
  action: ReportedAction;
  /** Enhanced status code, RFC 3463. */
  status: string;
  /** What the last host said, without the type: `550 5.1.1 no such mailbox`. */
  diagnostic: string | null;
  remoteMta: string | null;
  willRetryUntil: number | null;
}

export interface ReadDeliveryStatus {
  reportingMta: string | null;
  /** ENVID of the submission, RFC 3461 §4.4. */
  envelopeId: string | null;
  /** Epoch ms. */
  arrivedAt: number | null;
  /** Of the message that the notice is about, out of what came back of it. */
  originalMessageId: string | null;
  /** Those that are told as the RFC has it; others say nothing that a program could use. */
  recipients: readonly ReportedRecipient[];
}

/** RFC 6522 §3: the type of the report stands in a parameter, and the part for programs in the second place. */
export function isDeliveryStatusNotification({ mediaType, parameters, children }: MessagePart): boolean {
  const isReport = mediaType === 'multipart/report' && /^(?:global-)?delivery-status$/i.test(parameters['report-type'] ?? '');
  return isReport && /^message\/(?:global-)?delivery-status$/.test(children[1]?.mediaType ?? '');
}

/** What a notice says; null for any other message. */
export function readDeliveryStatusNotification(octets: Uint8Array, rootPart: MessagePart): ReadDeliveryStatus | null {
  const [, status, returned] = rootPart.children;
  if (!isDeliveryStatusNotification(rootPart) || !status) return null;
  const [aboutMessage = [], ...groups] = fieldGroups(decodePartBody(octets, status).subarray(0, MAX_DELIVERY_STATUS_BYTES));
  const reportingMta = findField(aboutMessage, 'Reporting-MTA');
  return {
    reportingMta: reportingMta && withoutType(reportingMta),
    envelopeId: findField(aboutMessage, 'Original-Envelope-Id')?.text || null,
    arrivedAt: dateOf(aboutMessage, 'Arrival-Date'),
    originalMessageId: returned ? messageIdOf(octets, returned) : null,
    recipients: groups.flatMap((fields) => readRecipient(fields) ?? []),
  };
}

/** Groups of fields, parted by empty lines: of the message, then of each recipient (RFC 3464 §2.1). */
function fieldGroups(octets: Uint8Array): HeaderField[][] {
  const groups: HeaderField[][] = [];
  const cursor = new LineCursor(octets);
  let start = 0;
  const take = (end: number): void => {
    if (end > start && groups.length <= MAX_REPORTED_RECIPIENTS) groups.push(parseHeaderBlock(octets.subarray(start, end)));
    start = cursor.position;
  };
  while (cursor.next()) if (cursor.isLineEmpty) take(cursor.lineStart);
  take(octets.length);
  return groups;
}

function readRecipient(fields: readonly HeaderField[]): ReportedRecipient | null {
  const final = findField(fields, 'Final-Recipient');
  const action = ACTIONS.find((known) => known === firstWord(fields, 'Action').toLowerCase());
  const status = /^[245]\.\d{1,3}\.\d{1,3}$/.exec(firstWord(fields, 'Status'))?.[0];
  if (!final || !action || !status) return null;
  const [original, diagnostic, remoteMta] = ['Original-Recipient', 'Diagnostic-Code', 'Remote-MTA'].map((name) => findField(fields, name));
  return {
    finalRecipient: typedAddress(final).replace(/^[^;]*;/, ''),
    originalRecipient: original ? typedAddress(original) : null,
    action, status,
    diagnostic: diagnostic ? withoutType(diagnostic) : null,
    remoteMta: remoteMta ? withoutType(remoteMta) : null,
    willRetryUntil: dateOf(fields, 'Will-Retry-Until'),
  };
}

/** `rfc822;b@example.net`; an address of the utf-8 type may stand in its ASCII form (RFC 6533 §3). */
function typedAddress(field: HeaderField): string {
  const type = field.text.slice(0, Math.max(0, field.text.indexOf(';'))).trim().toLowerCase();
  const typed = `${type};${withoutType(field)}`;
  return type === 'utf-8' ? (parseOriginalRecipient(typed) ?? typed) : typed;
}

function withoutType({ text }: HeaderField): string {
  return text.slice(text.indexOf(';') + 1).trim();
}

/** Behind an action or a status a comment may say more. */
function firstWord(fields: readonly HeaderField[], name: string): string {
  return /^\S*/.exec(stripComments(findField(fields, name)?.text ?? '').trim())![0];
}

function dateOf(fields: readonly HeaderField[], name: string): number | null {
  return parseHeaderDate(findField(fields, name)?.text ?? '')?.epochMs ?? null;
}

/** Of a returned message, or of its header alone. */
function messageIdOf(octets: Uint8Array, returned: MessagePart): string | null {
  return parseMessageIdList(findField(parseHeaderBlock(decodePartBody(octets, returned)), 'Message-ID')?.text ?? '')[0] ?? null;
}
