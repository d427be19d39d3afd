// What sorting and threading look at in the header of a message, RFC 5256 §2.1, §2.2 and §3.

import { decodeHeaderText, findField, imapEnvelope, parseHeaderBlock, parseHeaderDate, parseMessageId, parseMessageIdList, type ImapAddress } from '@paloma/mail-format';
import type { OrderProperty } from '../port/index.js';
import { parseSubject } from './base-subject.js';
import { casemapped } from './casemapped-text.js';

export type OrderText = Exclude<OrderProperty, 'sent'>;
export const ORDER_TEXTS: readonly OrderText[] = ['subject', 'from', 'to', 'cc', 'displayFrom', 'displayTo'];

export interface MessageOrder {
  /** Null where there is no Date field that can be read. */
  sentAtMs: number | null;
  texts: Record<OrderText, string>;
  /** The subject is one of a reply or a forward. */
  isReply: boolean;
  messageId: string | null;
  /** Ids of the messages before it, oldest first. */
  references: readonly string[];
}

/** `envelope`: that of the header, where it is read already. */
export function readMessageOrder(headerBlock: Uint8Array, envelope = imapEnvelope(headerBlock)): MessageOrder {
  const { date, subject, from, to, cc, messageId, inReplyTo } = envelope;
  const { base, isReply } = parseSubject(decodeHeaderText(subject ?? ''));
  return {
    sentAtMs: parseHeaderDate(date ?? '')?.epochMs ?? null,
    texts: {
      subject: casemapped(base), from: firstMailbox(from), to: firstMailbox(to), cc: firstMailbox(cc),
      displayFrom: firstDisplayName(from), displayTo: firstDisplayName(to),
    },
    isReply,
    messageId: parseMessageId(messageId ?? ''),
    references: referencesOf(headerBlock, inReplyTo ?? ''),
  };
}

/** addr-mailbox of the first address: what stands before the `@`, or the name of a group. */
function firstMailbox([first]: readonly ImapAddress[]): string {
  return casemapped(first?.mailbox ?? '');
}

/** RFC 5957 §3: the name of the first address, decoded; without one, the address; of a group its name. */
function firstDisplayName([first]: readonly ImapAddress[]): string {
  const name = decodeHeaderText(first?.name ?? '').trim();
  const address = first?.host ? `${first.mailbox ?? ''}@${first.host}` : (first?.mailbox ?? '');
  return casemapped(name || address);
}

/** RFC 5256 §3 (1): In-Reply-To names many things; its first id counts, and only where References has none. */
function referencesOf(headerBlock: Uint8Array, inReplyTo: string): readonly string[] {
  const references = parseMessageIdList(findField(parseHeaderBlock(headerBlock), 'References')?.text ?? '');
  return references.length > 0 ? references : parseMessageIdList(inReplyTo).slice(0, 1);
}
