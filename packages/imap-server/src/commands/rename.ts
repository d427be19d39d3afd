import type { Mailbox, MailboxOutcome, MailStore } from '@paloma/mail-store/port';
import { authenticatedCommand } from '../command.js';
import { ok } from '../completion.js';
import { COMPLETION_BY_MAILBOX_REFUSAL, NO_SUCH_MAILBOX } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { Session } from '../session/session.js';
import { formatListed, oldName } from '../wire/listed-mailbox.js';
import type { CommandReader } from '../wire/command-reader.js';

/** RFC 3501 §6.3.5. */
export const rename = authenticatedCommand({
  name: 'RENAME',
  parse(reader: CommandReader) {
    reader.space();
    const from = reader.mailbox();
    reader.space();
    return { from, to: reader.mailbox() };
  },
  async run({ session, store }, { from, to }) {
    const mailbox = await findMailbox(store, from);
    if (!mailbox) return NO_SUCH_MAILBOX;
    const outcome = mailbox.role === 'inbox' ? await moveInbox(store, mailbox, to) : await store.updateMailbox(mailbox.mailboxId, { name: to });
    if (!outcome.ok) return COMPLETION_BY_MAILBOX_REFUSAL[outcome.refusal];
    const { mailboxId } = outcome;
    session.watch?.learn((await store.listMailboxes()).filter((renamed) => renamed.mailboxId === mailboxId));
    if (session.enabled.has('IMAP4rev2') && mailbox.role !== 'inbox') await announceOldName(session, mailbox);
    return ok('RENAME completed');
  },
});

/** RFC 9051 §6.3.9.7. */
async function announceOldName(session: Session, { mailboxId, name }: Mailbox): Promise<void> {
  const mailboxes = await session.store!.listMailboxes();
  const renamed = mailboxes.find((mailbox) => mailbox.mailboxId === mailboxId);
  if (renamed) await session.writer.untagged(formatListed(renamed, mailboxes, { isUtf8: session.isUtf8, extended: oldName(name, session) }));
}

/** Renaming INBOX moves its messages to a new mailbox and leaves it empty; its children and annotations stay. */
async function moveInbox(store: MailStore, inbox: Mailbox, name: string): Promise<MailboxOutcome> {
  const created = await store.createMailbox({ name });
  const view = created.ok ? await store.openView(inbox.mailboxId) : null;
  if (!created.ok || !view) return created;
  const annotations = await store.annotationsOf(inbox.mailboxId);
  if (annotations && annotations.length > 0) await store.annotate(created.mailboxId, annotations); // RFC 5464 §4.1
  await store.updateEmails(view.entries.map(({ emailId, emailKey }) => ({
    emailId, emailKey, addMailboxIds: [created.mailboxId], removeMailboxIds: [inbox.mailboxId],
  })));
  return created;
}
