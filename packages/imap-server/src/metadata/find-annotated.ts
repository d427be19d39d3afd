import type { Mailbox, MailStore } from '@paloma/mail-store/port';
import { findMailbox } from '../session/find-mailbox.js';

/** Whose annotations a mailbox name stands for: a mailbox, or null for the account ("", RFC 5464 §4.2). Undefined: no such mailbox. */
export async function findAnnotated(store: MailStore, mailboxName: string): Promise<Mailbox | null | undefined> {
  return mailboxName === '' ? null : findMailbox(store, mailboxName);
}
