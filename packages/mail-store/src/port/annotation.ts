import type { MailboxId } from '@paloma/shared-model';

/** A note that a program keeps with a mailbox, or with the account (null), by name (IMAP METADATA, RFC 5464). The value means nothing here. */
export interface Annotation {
  /** Lower case, e.g. `/shared/comment`. */
  name: string;
  value: Uint8Array;
}

export type AnnotationOwner = MailboxId | null;

/** `value` null takes the note away. */
export interface AnnotationChange { name: string; value: Uint8Array | null }

export type AnnotationRefusal = 'mailboxNotFound' | 'tooManyAnnotations' | 'annotationTooLarge';
export type AnnotationOutcome = { ok: true } | { ok: false; refusal: AnnotationRefusal };
