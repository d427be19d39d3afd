// A message being written, and how it is filed: Email/set creates a whole new email for each version, because an email's
// content never changes (RFC 8621 §4.6); the one before is destroyed in the same call, so there is always exactly one.

import type { EmailAddress, EmailId, Identity, IdentityId, MailboxId } from '../jmap/types.js';

export interface DraftAttachment {
  blobId: string;
  name: string;
  type: string;
  size: number;
}

export interface Draft {
  identityId: IdentityId;
  to: EmailAddress[];
  cc: EmailAddress[];
  bcc: EmailAddress[];
  subject: string;
  body: string;
  attachments: DraftAttachment[];
  /** Message-ID without angle brackets; the same for all versions, so that other programs see one message. */
  messageId: string;
  inReplyTo: string[];
  references: string[];
  /** The email that gets `$answered` or `$forwarded` when this is sent. */
  answers: EmailId | null;
  forwards: EmailId | null;
}

export function newDraft(identity: Identity, start: Partial<Draft> = {}): Draft {
  const body = start.body ?? '';
  const signature = identity.textSignature ? `\n\n-- \n${identity.textSignature}` : '';
  return {
    identityId: identity.id, to: [], cc: [], bcc: [], subject: '', attachments: [], inReplyTo: [], references: [], answers: null, forwards: null,
    messageId: `${crypto.randomUUID()}@${identity.email.split('@')[1] ?? 'localhost'}`,
    ...start,
    body: start.messageId === undefined ? `${signature}${body}` : body,
  };
}

export const isEmptyDraft = (draft: Draft): boolean =>
  recipientsOfDraft(draft).length === 0 && draft.subject.trim() === '' && draft.body.trim() === '' && draft.attachments.length === 0;

export const recipientsOfDraft = ({ to, cc, bcc }: Draft): EmailAddress[] => [...to, ...cc, ...bcc];

/** The creation object of Email/set (RFC 8621 §4.6). */
export function toEmailCreate(draft: Draft, identity: Identity, mailboxId: MailboxId): Record<string, unknown> {
  return {
    mailboxIds: { [mailboxId]: true },
    keywords: { $draft: true, $seen: true },
    from: [{ name: identity.name || null, email: identity.email }],
    ...whereNotEmpty({ to: draft.to, cc: draft.cc, bcc: draft.bcc, inReplyTo: draft.inReplyTo, references: draft.references }),
    messageId: [draft.messageId],
    subject: draft.subject,
    bodyValues: { text: { value: draft.body } },
    textBody: [{ partId: 'text', type: 'text/plain' }],
    ...whereNotEmpty({ attachments: draft.attachments.map(({ blobId, name, type }) => ({ blobId, name, type, disposition: 'attachment' })) }),
  };
}

const whereNotEmpty = (lists: Record<string, readonly unknown[]>): Record<string, readonly unknown[]> =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));
