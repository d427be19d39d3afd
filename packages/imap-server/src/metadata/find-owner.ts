import type { AnnotationOwner, MailStore } from '@paloma/mail-store/port';
import { findMailbox } from '../session/find-mailbox.js';

/** Whose annotations a mailbox name stands for: "" for the account's (RFC 5464 §4.2). Undefined: no such mailbox. */
export async function findAnnotationOwner(store: MailStore, mailboxName: string): Promise<AnnotationOwner | undefined> {
  return mailboxName === '' ? null : (await findMailbox(store, mailboxName))?.mailboxId;
}
