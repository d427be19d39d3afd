// UIDs that emails of one batch get in the mailboxes of this device.

import type { Sql } from '@paloma/document-store';

export class UidClaims {
  /** Next one, by mailbox. */
  readonly #next = new Map<string, number>();
  #isRebuild: boolean | undefined;

  constructor(private readonly sql: Sql) {}

  /** The UID that the email had before a rebuild, or the next one of the mailbox. */
  claim(mailboxId: string, emailId: string): number {
    const kept = this.#keptUid(mailboxId, emailId);
    if (kept !== undefined) return kept;
    const uid = this.#next.get(mailboxId) ?? this.sql.get<{ uidNext: number }>('SELECT uid_next AS uidNext FROM mail_uid_space WHERE mailbox_id = ?', mailboxId)!.uidNext;
    this.#next.set(mailboxId, uid + 1);
    return uid;
  }

  /** After the last claim. */
  save(): void {
    for (const [mailboxId, uidNext] of this.#next) this.sql.run('UPDATE mail_uid_space SET uid_next = ? WHERE mailbox_id = ?', uidNext, mailboxId);
  }

  #keptUid(mailboxId: string, emailId: string): number | undefined {
    this.#isRebuild ??= this.sql.get('SELECT 1 FROM mail_uid LIMIT 1') !== undefined;
    if (!this.#isRebuild) return undefined;
    return this.sql.get<{ uid: number }>('SELECT uid FROM mail_uid WHERE mailbox_id = ? AND email_id = ?', mailboxId, emailId)?.uid;
  }
}
