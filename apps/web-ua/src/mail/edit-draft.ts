// Opens a filed draft again.

import type { Email, EmailContent, Identity } from '../jmap/types.js';
import { isSameAddress } from './address-list.js';
import { newDraft, type Draft } from './draft.js';
import { textOf } from './message-text.js';

export function draftFromEmail(email: Email, content: EmailContent, identities: readonly [Identity, ...Identity[]]): Draft {
  const identity = identities.find((candidate) => isSameAddress(candidate.email, email.from?.[0]?.email ?? '')) ?? identities[0];
  const fresh = newDraft(identity);
  return {
    ...fresh,
    to: email.to ?? [], cc: content.cc ?? [], bcc: content.bcc ?? [],
    subject: email.subject ?? '',
    body: textOf(content),
    attachments: content.attachments.flatMap(({ blobId, name, type, size }) => (blobId === null ? [] : [{ blobId, name: name ?? '', type, size }])),
    messageId: content.messageId?.[0] ?? fresh.messageId,
    inReplyTo: content.inReplyTo ?? [],
    references: content.references ?? [],
  };
}
