// What has changed in mailboxes other than the selected one, found by comparing their list with the one of last time. However
// much has happened in between, one answer for each mailbox tells it.

import type { Mailbox } from '@paloma/mail-store/port';
import { announceStatus } from '../session/announce-status.js';
import type { Session } from '../session/session.js';
import { formatListed, formatNonExistent } from '../wire/listed-mailbox.js';
import { formatMailboxName } from '../wire/mailbox-name.js';
import type { StatusItem } from '../wire/status-item.js';
import { wants, type NotifyEvent, type NotifySettings } from './notify-settings.js';

export class MailboxWatch {
  /** Something has happened since the last look. */
  isStale = false;
  #known: ReadonlyMap<string, Mailbox>;

  constructor(readonly settings: NotifySettings, mailboxes: readonly Mailbox[]) {
    this.#known = byId(mailboxes);
  }

  async announce(session: Session): Promise<void> {
    if (!this.isStale) return;
    this.isStale = false;
    const mailboxes = await session.store!.listMailboxes();
    const before = this.#known;
    this.#known = byId(mailboxes);
    for (const gone of before.values()) if (!this.#known.has(gone.mailboxId)) await this.#announceGone(session, gone);
    for (const mailbox of mailboxes) await this.#announceChange(session, before.get(mailbox.mailboxId), mailbox, mailboxes);
  }

  /** NOTIFY SET STATUS: the state of those whose messages are watched, RFC 5465 §3.1. */
  async announceAll(session: Session): Promise<void> {
    for (const mailbox of this.#known.values()) {
      if (mailbox.mailboxId !== session.selected?.mailboxId && wants(this.settings, mailbox, 'MessageNew')) await announceStatus(session, mailbox, statusItems(session));
    }
  }

  async #announceGone(session: Session, mailbox: Mailbox): Promise<void> {
    if (wants(this.settings, mailbox, 'MailboxName')) await session.writer.untagged(formatNonExistent(mailbox, session));
  }

  async #announceChange(session: Session, before: Mailbox | undefined, mailbox: Mailbox, mailboxes: readonly Mailbox[]): Promise<void> {
    const isRenamed = before?.name !== mailbox.name;
    const isNameWanted = wants(this.settings, mailbox, 'MailboxName') || (before !== undefined && wants(this.settings, before, 'MailboxName'));
    const isSubscriptionWanted = wants(this.settings, mailbox, 'SubscriptionChange') || (before !== undefined && wants(this.settings, before, 'SubscriptionChange'));
    if ((isRenamed && isNameWanted) || (before && before.isSubscribed !== mailbox.isSubscribed && isSubscriptionWanted)) {
      const extended = before && isRenamed ? `"OLDNAME" (${formatMailboxName(before.name, session)})` : null; // RFC 5465 §5.4
      await session.writer.untagged(formatListed(mailbox, mailboxes, { isUtf8: session.isUtf8, tellsSubscription: true, extended }));
    }
    const event = messageEvent(before, mailbox);
    const isSelected = mailbox.mailboxId === session.selected?.mailboxId;
    if (event && !isSelected && wants(this.settings, mailbox, event)) await announceStatus(session, mailbox, statusItems(session));
  }
}

function byId(mailboxes: readonly Mailbox[]): Map<string, Mailbox> {
  return new Map(mailboxes.map((mailbox) => [mailbox.mailboxId, mailbox]));
}

/** Of several the weightiest: who wants to hear of new messages hears of the others too. */
function messageEvent(before: Mailbox | undefined, mailbox: Mailbox): NotifyEvent | null {
  if (!before || before.highestModSeq === mailbox.highestModSeq) return null;
  if (mailbox.uidNext > before.uidNext) return 'MessageNew';
  return mailbox.totalEmails < before.totalEmails ? 'MessageExpunge' : 'FlagChange';
}

/** RFC 5465 §5.1 to §5.3. */
function statusItems({ enabled }: Session): StatusItem[] {
  return ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', ...(enabled.has('CONDSTORE') ? ['HIGHESTMODSEQ' as const] : [])];
}
