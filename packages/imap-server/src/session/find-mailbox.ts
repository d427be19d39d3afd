import type { Mailbox, MailStore } from '@paloma/mail-store/port';

/** The mailbox of a name as `parseMailboxName` gives it; undefined when there is none. */
export async function findMailbox(store: MailStore, name: string): Promise<Mailbox | undefined> {
  return (await store.listMailboxes()).find((mailbox) => mailbox.name === name);
}
