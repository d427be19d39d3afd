// What a reply or forward starts from: recipients, subject, threading header fields and the quoted text.

import type { Email, EmailAddress, EmailBodyPart, EmailContent } from '../jmap/types.js';
import { formatAddress, isSameAddress, withoutDuplicates } from './address-list.js';
import type { Draft } from './draft.js';
import { textOf } from './message-text.js';

export type ReplyMode = 'reply' | 'replyAll' | 'forward';

/** Sentences that end up in the message, in the language of the user. */
export interface ReplyWords {
  /** Line above a quote. */
  wrote(author: string, date: Date): string;
  forwardedHeading: string;
  fields: { from: string; date: string; subject: string; to: string };
  formatDate(date: Date): string;
}

/** RFC 5322 §3.6.4 sets no bound; some servers refuse a line-folded field of more than a few kilobytes. */
const MAX_REFERENCES = 40;

/** @param ownAddresses addresses of the account, which do not get a copy of their own reply */
export function draftReply(email: Email, content: EmailContent, mode: ReplyMode, ownAddresses: readonly string[], words: ReplyWords): Partial<Draft> {
  if (mode === 'forward') return draftForward(email, content, words);
  const { to, cc } = recipientsOf(email, content, mode, ownAddresses);
  return {
    to, cc,
    subject: prefixed('Re:', email.subject),
    body: `\n\n${quote(email, content, words)}`,
    answers: email.id,
    ...threading(content),
  };
}

function draftForward(email: Email, content: EmailContent, words: ReplyWords): Partial<Draft> {
  return {
    subject: prefixed('Fwd:', email.subject),
    body: `\n\n${forwardHeader(email, words)}\n\n${textOf(content)}`,
    attachments: content.attachments.filter(isForwardable).map(({ blobId, name, type, size }) => ({ blobId, name: name ?? '', type, size })),
    forwards: email.id,
    references: threading(content).references,
  };
}

type WithBlob = EmailBodyPart & { blobId: string };
const isForwardable = (part: EmailBodyPart): part is WithBlob => part.blobId !== null;

/** A reply to one's own message goes to those it went to. */
function recipientsOf(email: Email, content: EmailContent, mode: ReplyMode, ownAddresses: readonly string[]): { to: EmailAddress[]; cc: EmailAddress[] } {
  const isOwn = ({ email: address }: EmailAddress): boolean => ownAddresses.some((own) => isSameAddress(own, address));
  const sender = content.replyTo?.length ? content.replyTo : email.from ?? [];
  const isOwnMessage = (email.from ?? []).some(isOwn);
  const originalTo = email.to ?? [];
  const to = isOwnMessage ? originalTo : sender;
  if (mode === 'reply') return { to: withoutDuplicates(to), cc: [] };
  const others = [...isOwnMessage ? [] : originalTo, ...content.cc ?? []].filter((address) => !isOwn(address));
  const cc = withoutDuplicates(others).filter(({ email: address }) => !to.some((main) => isSameAddress(main.email, address)));
  return { to: withoutDuplicates(to), cc };
}

/** RFC 5322 §3.6.4: the parent's References (else its In-Reply-To) followed by its Message-ID. */
function threading({ messageId, inReplyTo, references }: EmailContent): { inReplyTo: string[]; references: string[] } {
  const own = messageId ?? [];
  const ancestors = references ?? (inReplyTo?.length === 1 ? inReplyTo : []);
  return { inReplyTo: own, references: [...ancestors, ...own].slice(-MAX_REFERENCES) };
}

/** RFC 5322 §3.6.5: at most one "Re: ". */
function prefixed(prefix: 'Re:' | 'Fwd:', subject: string | null): string {
  const text = (subject ?? '').trim();
  return text.toLowerCase().startsWith(prefix.toLowerCase()) ? text : `${prefix} ${text}`.trim();
}

function quote(email: Email, content: EmailContent, words: ReplyWords): string {
  const author = email.from?.[0] ? formatAddress(email.from[0]) : '';
  const lines = textOf(content).trimEnd().split('\n').map((line) => (line.startsWith('>') ? `>${line}` : `> ${line}`.trimEnd()));
  return `${words.wrote(author, new Date(email.receivedAt))}\n${lines.join('\n')}\n`;
}

function forwardHeader(email: Email, { forwardedHeading, fields, formatDate }: ReplyWords): string {
  const list = (addresses: readonly EmailAddress[] | null): string => (addresses ?? []).map(formatAddress).join(', ');
  return [
    forwardedHeading,
    `${fields.from}: ${list(email.from)}`,
    `${fields.date}: ${formatDate(new Date(email.receivedAt))}`,
    `${fields.subject}: ${email.subject ?? ''}`,
    `${fields.to}: ${list(email.to)}`,
  ].join('\n');
}
