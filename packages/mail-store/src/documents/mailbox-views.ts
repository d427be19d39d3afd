// IMAP's sight of mailboxes, read from mail_entry.

import type { Sql } from '@paloma/document-store';
import type { EmailId, MailboxId } from '@paloma/shared-model';
import type { MailboxView, MailboxViewChanges, ViewEntry } from '../port/index.js';
import { counter } from './change-sequence.js';

export interface ViewHead {
  uidValidity: number;
  uidNext: number;
  highestModSeq: number;
}

interface EntryRow {
  uid: number;
  emailId: EmailId;
  emailKey: number;
  messageKey: number;
  keywords: string;
  isDeleted: number;
  modSeq: number;
  sizeBytes: number;
  receivedAtMs: number;
  addedAtMs: number;
}

const ENTRIES = `SELECT uid, email_id AS emailId, email_key AS emailKey, message_key AS messageKey, keywords, is_deleted AS isDeleted, changed_at AS modSeq, size_bytes AS sizeBytes,
  received_at_ms AS receivedAtMs, added_at_ms AS addedAtMs FROM mail_entry WHERE mailbox_id = ?`;

/**
 * Views share the entries in which they do not differ: fifty mail programs with a mailbox of 100,000 messages open hold it once. A
 * view is known as long as somebody holds it; the next one is made of the newest and of what has changed since.
 */
export class MailboxViews {
  readonly #held = new Map<MailboxId, WeakRef<MailboxView>[]>();

  constructor(private readonly sql: Sql) {}

  open(mailboxId: MailboxId): MailboxView | null {
    const held = (this.#held.get(mailboxId) ?? []).filter((view) => view.deref());
    const newest = held.at(-1)?.deref();
    const view = (newest && brought(this.sql, newest)) ?? openView(this.sql, mailboxId);
    if (view && view !== newest) held.push(new WeakRef(view));
    this.#held.set(mailboxId, held);
    return view;
  }
}

/** The view as it is now, itself where nothing has changed; null when what has changed is not known. */
function brought(sql: Sql, view: MailboxView): MailboxView | null {
  const head = viewHead(sql, view.mailboxId);
  const changes = viewChangesSince(sql, view.mailboxId, view.highestModSeq);
  if (!changes || head?.uidValidity !== view.uidValidity) return null;
  if (changes.highestModSeq === view.highestModSeq && changes.uidNext === view.uidNext) return view;
  const changed = new Map(changes.changed.map((entry) => [entry.uid, entry]));
  const vanished = new Set(changes.vanished);
  const kept = view.entries.filter(({ uid }) => !vanished.has(uid)).map((entry) => changed.get(entry.uid) ?? entry);
  const lastUid = view.entries.at(-1)?.uid ?? 0;
  const keywords = new Set([...view.keywords, ...changes.changed.flatMap((entry) => entry.keywords)]);
  return { mailboxId: view.mailboxId, ...head, keywords: [...keywords], entries: [...kept, ...changes.changed.filter(({ uid }) => uid > lastUid)] };
}

/** Read as a whole. */
export function openView(sql: Sql, mailboxId: MailboxId): MailboxView | null {
  const head = viewHead(sql, mailboxId);
  return head && { mailboxId, ...head, ...readEntries(sql.all<EntryRow>(`${ENTRIES} ORDER BY uid`, mailboxId)) };
}

export function viewChangesSince(sql: Sql, mailboxId: MailboxId, sinceModSeq: number): MailboxViewChanges | null {
  const head = viewHead(sql, mailboxId);
  if (!head || sinceModSeq < counter(sql, 'forgotten')) return null;
  const vanished = sql.all<{ uid: number }>('SELECT uid FROM mail_vanished WHERE mailbox_id = ? AND changed_at > ? ORDER BY uid', mailboxId, sinceModSeq);
  const changed = sql.all<EntryRow>(`${ENTRIES} AND changed_at > ? ORDER BY uid`, mailboxId, sinceModSeq);
  return { highestModSeq: head.highestModSeq, uidNext: head.uidNext, changed: readEntries(changed).entries, vanished: vanished.map(({ uid }) => uid) };
}

export function viewHead(sql: Sql, mailboxId: MailboxId): ViewHead | null {
  const head = sql.get<ViewHead>(
    `SELECT u.uid_validity AS uidValidity, u.uid_next AS uidNext, max(b.created_at,
       coalesce((SELECT max(changed_at) FROM mail_entry WHERE mailbox_id = b.mailbox_id), 0),
       coalesce((SELECT max(changed_at) FROM mail_vanished WHERE mailbox_id = b.mailbox_id), 0)) AS highestModSeq
     FROM mail_mailbox b JOIN mail_uid_space u ON u.mailbox_id = b.mailbox_id WHERE b.mailbox_id = ?`, mailboxId);
  return head ?? null;
}

// Mailboxes have few different sets of keywords, and JSON.parse for each of 100 000 entries would be most of the time; so
// would a second object for each, hence the row becomes the entry.
function readEntries(rows: EntryRow[]): Pick<MailboxView, 'entries' | 'keywords'> {
  const parsed = new Map<string, readonly string[]>();
  const keywordsOf = (text: string): readonly string[] => {
    const keywords = parsed.get(text) ?? (JSON.parse(text) as string[]);
    parsed.set(text, keywords);
    return keywords;
  };
  const entries = rows.map((row): ViewEntry => Object.assign(row, { keywords: keywordsOf(row.keywords), isDeleted: row.isDeleted === 1 }));
  return { entries, keywords: [...new Set([...parsed.values()].flat())] };
}
