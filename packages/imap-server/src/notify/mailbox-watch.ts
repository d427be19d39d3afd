// What has changed in mailboxes other than the selected one, found by comparing their list with the one of last time. However
// much has happened in between, one answer for each mailbox tells it.

import type { Mailbox, MailStore } from '@paloma/mail-store/port';
import type { MailboxId } from '@paloma/shared-model';
import { announceStatus } from '../session/announce-status.js';
import type { Session } from '../session/session.js';
import { formatListed, formatNonExistent, oldName } from '../wire/listed-mailbox.js';
import { DELIMITER } from '../wire/mailbox-name.js';
import type { StatusItem } from '../wire/status-item.js';
import { wants, type NotifyEvent, type NotifySettings } from './notify-settings.js';

/** RFC 5465 §3.1, §5.1 to §5.3. */
const STATUS_ITEMS: readonly StatusItem[] = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY', 'UNSEEN', 'HIGHESTMODSEQ'];

export class MailboxWatch {
  /** Something has happened since the last look. */
  isStale = false;
  #known: ReadonlyMap<string, Mailbox>;
  readonly #ownChanges = new Map<string, OwnChanges>();

  constructor(readonly settings: NotifySettings, mailboxes: readonly Mailbox[]) {
    this.#known = byId(mailboxes);
  }

  async announce(session: Session): Promise<void> {
    if (!this.isStale) return;
    this.isStale = false;
    const ownChanges = new Map(this.#ownChanges);
    this.#ownChanges.clear();
    const mailboxes = await session.store!.listMailboxes();
    const before = this.#known;
    this.#known = byId(mailboxes);
    const gone = [...before.values()].filter(({ mailboxId }) => !this.#known.has(mailboxId));
    for (const mailbox of gone) await this.#announceGone(session, mailbox);
    // RFC 5465 §5.4: who gets or loses a child is affected, too.
    const parents = new Set([...gone, ...mailboxes.filter(({ mailboxId }) => !before.has(mailboxId))].map(({ parentId }) => parentId));
    for (const mailbox of mailboxes) await this.#announceChange(session, { before: before.get(mailbox.mailboxId), mailbox, mailboxes, isParent: parents.has(mailbox.mailboxId), own: ownChanges.get(mailbox.mailboxId) });
  }

  /** The client itself has made, renamed or subscribed these: it need not be told (RFC 5465 §5). */
  learn(mailboxes: readonly Mailbox[]): void {
    const known = new Map(this.#known);
    for (const mailbox of mailboxes) known.set(mailbox.mailboxId, { ...mailbox, ...known.get(mailbox.mailboxId), name: mailbox.name, parentId: mailbox.parentId, isSubscribed: mailbox.isSubscribed });
    this.#known = known;
  }

  /** The client itself has deleted it. */
  forget({ mailboxId }: Mailbox): void {
    this.#known = byId([...this.#known.values()].filter((mailbox) => mailbox.mailboxId !== mailboxId));
  }

  /** The client itself has filed these messages there, or taken them out: it knows, and need not be told (RFC 5465 §5). To be called before others have their turn. */
  async learnMessages(store: MailStore, mailboxId: MailboxId, uids: readonly number[]): Promise<void> {
    const mailbox = (await store.listMailboxes()).find((listed) => listed.mailboxId === mailboxId);
    const own = this.#ownChanges.get(mailboxId) ?? new Map<number, number>();
    for (const uid of uids) own.set(uid, mailbox?.highestModSeq ?? 0);
    this.#ownChanges.set(mailboxId, own);
  }

  /** NOTIFY SET STATUS: the state of those whose messages are watched, RFC 5465 §3.1. */
  async announceAll(session: Session): Promise<void> {
    for (const mailbox of this.#known.values()) {
      if (mailbox.mailboxId !== session.selected?.mailboxId && wants(this.settings, mailbox, 'MessageNew')) await announceStatus(session, mailbox, STATUS_ITEMS);
    }
  }

  async #announceGone(session: Session, mailbox: Mailbox): Promise<void> {
    if (wants(this.settings, mailbox, 'MailboxName')) await session.writer.untagged(formatNonExistent(mailbox, session));
  }

  async #announceChange(session: Session, { before, mailbox, mailboxes, isParent, own }: Change): Promise<void> {
    const isAsked = (event: NotifyEvent): boolean => wants(this.settings, mailbox, event) || (before !== undefined && wants(this.settings, before, event));
    const isRenamed = before !== undefined && hasNewName(before, mailbox);
    const isListed = ((!before || isRenamed || isParent) && isAsked('MailboxName')) || (before && before.isSubscribed !== mailbox.isSubscribed && isAsked('SubscriptionChange'));
    if (isListed) {
      const extended = isRenamed ? oldName(before.name, session) : null; // RFC 5465 §5.4
      await session.writer.untagged(formatListed(mailbox, mailboxes, { isUtf8: session.isUtf8, tellsSubscription: true, extended }));
    }
    const event = messageEvent(before, mailbox);
    const isSelected = mailbox.mailboxId === session.selected?.mailboxId;
    if (event && !isSelected && wants(this.settings, mailbox, event) && !(own && (await isOwnAlone(session.store!, before!, own)))) await announceStatus(session, mailbox, STATUS_ITEMS);
  }
}

/** One mailbox of the list, as it was and is. `isParent`: of one that has come or gone. */
interface Change {
  before: Mailbox | undefined;
  mailbox: Mailbox;
  mailboxes: readonly Mailbox[];
  isParent: boolean;
  own: OwnChanges | undefined;
}

/** What the client itself has done since the last look: by UID, the modseq of the mailbox when it was done. What is later was somebody else. */
type OwnChanges = Map<number, number>;

/** Whether nobody else has done anything since. */
async function isOwnAlone(store: MailStore, { mailboxId, highestModSeq }: Mailbox, own: OwnChanges): Promise<boolean> {
  const changes = await store.viewChangesSince(mailboxId, highestModSeq);
  return changes !== null && changes.changed.every(({ uid, modSeq }) => modSeq <= (own.get(uid) ?? 0)) && changes.vanished.every((uid) => own.has(uid));
}

/** Not where its parent has one, which stands for its children's (RFC 5465 §5.4). */
function hasNewName(before: Mailbox, after: Mailbox): boolean {
  return before.parentId !== after.parentId || lastLevel(before) !== lastLevel(after);
}

function lastLevel({ name }: Mailbox): string {
  return name.slice(name.lastIndexOf(DELIMITER) + 1);
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
