import { z } from 'zod';
import { epochMs } from './document.js';

/** RFC 8621 §2 roles that we give a meaning to. Every account has all of them but `important` (RFC 8457), which a user may add. */
export const MAILBOX_ROLES = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash', 'important'] as const;
export const mailboxRole = z.enum(MAILBOX_ROLES);
export type MailboxRole = z.infer<typeof mailboxRole>;

/** `mailbox:<mailboxId>`. Since version 2 the role may be `important`. The name is the full path, levels separated by `/`. A role mailbox's id is its role. */
export const mailboxDocument = z.object({
  mailboxId: z.string(),
  name: z.string().min(1).max(1000),
  role: mailboxRole.nullable(),
  isSubscribed: z.boolean(),
  sortOrder: z.number().int().nonnegative(),
  createdAtMs: epochMs,
});
export type MailboxDocument = z.infer<typeof mailboxDocument>;
