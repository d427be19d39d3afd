// Which annotations others have changed since the client was last told, for those who want to hear of it: ENABLE METADATA
// (RFC 5464 §4.1) and NOTIFY (RFC 5465 §5.6, §5.7).

import type { AnnotationOwner, Mailbox, MailChange } from '@paloma/mail-store/port';
import { wants, wantsServerMetadata } from '../notify/notify-settings.js';
import type { Session } from '../session/session.js';
import { formatMetadataNews } from '../wire/metadata-arguments.js';

export class AnnotationNews {
  #names = new Map<AnnotationOwner, Set<string>>();

  get isEmpty(): boolean {
    return this.#names.size === 0;
  }

  note(annotated: NonNullable<MailChange['annotated']>): void {
    for (const [owner, names] of annotated) this.#names.set(owner, new Set([...this.#names.get(owner) ?? [], ...names]));
  }

  /** The client changed these itself. */
  forget(owner: AnnotationOwner, names: Iterable<string>): void {
    const noted = this.#names.get(owner);
    for (const name of names) noted?.delete(name);
    if (noted?.size === 0) this.#names.delete(owner);
  }

  async announce(session: Session): Promise<void> {
    if (this.isEmpty) return;
    const names = this.#names;
    this.#names = new Map();
    const mailboxes = await session.store!.listMailboxes();
    for (const [owner, changed] of names) {
      const mailbox = mailboxes.find(({ mailboxId }) => mailboxId === owner);
      if ((owner === null || mailbox) && isWanted(session, mailbox)) await session.writer.untagged(formatMetadataNews(mailbox?.name ?? '', [...changed], session));
    }
  }
}

/** `mailbox` undefined: of the account. */
function isWanted({ enabled, watch }: Session, mailbox: Mailbox | undefined): boolean {
  if (!watch) return enabled.has('METADATA');
  return mailbox ? wants(watch.settings, mailbox, 'MailboxMetadataChange') : wantsServerMetadata(watch.settings);
}
