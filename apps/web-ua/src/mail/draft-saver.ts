// Keeps the filed version of a draft in step with what is being written: one save at a time, the latest state wins, and
// every save replaces the version before. Sending waits for the save under way, so that nothing is filed twice.

import { JmapError } from '../jmap/jmap-error.js';
import type { MailAccount } from '../jmap/mail-account.js';
import type { Email, EmailId, Identity, MailboxId, SetResponse } from '../jmap/types.js';
import { toEmailCreate, type Draft } from './draft.js';

/** Pause in typing after which a draft is saved. */
export const AUTOSAVE_DELAY_MS = 1500;

const CREATION_ID = 'draft';

export type SaveStatus = 'unsaved' | 'saving' | 'saved' | 'failed';

export class DraftSaver {
  #emailId: EmailId | null;
  #savedDraft: Draft | null = null;
  #saving: Promise<void> = Promise.resolve();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #scheduled: (() => void) | null = null;

  /** @param emailId the version that is filed already, when a draft is opened again */
  constructor(private readonly account: MailAccount, emailId: EmailId | null, private readonly onStatus: (status: SaveStatus) => void) {
    this.#emailId = emailId;
  }

  /** Saves after a pause in typing. */
  schedule(draft: Draft, identity: Identity, mailboxId: MailboxId): void {
    this.#unschedule();
    this.onStatus('unsaved');
    // A failed save shows in the status, and the next change tries again.
    this.#scheduled = () => { void this.save(draft, identity, mailboxId).catch(() => undefined); };
    this.#timer = setTimeout(this.#scheduled, AUTOSAVE_DELAY_MS);
  }

  /** The composer goes away: what waits for a pause is saved now. */
  leave(): void {
    this.#scheduled?.();
  }

  /** Resolves with the filed version of exactly this draft. @throws {JmapError} */
  async save(draft: Draft, identity: Identity, mailboxId: MailboxId): Promise<EmailId> {
    this.#unschedule();
    const run = this.#saving.then(() => this.#saveNow(draft, identity, mailboxId));
    this.#saving = run.then(() => undefined, () => undefined);
    return run;
  }

  /** Takes the filed version away, if there is one. */
  async discard(): Promise<void> {
    this.#unschedule();
    await this.#saving;
    if (this.#emailId !== null) await this.account.transport.call('Email/set', { destroy: [this.#emailId] }).result;
    this.#emailId = null;
  }

  /** No more saves: the email is no longer ours to replace. */
  finish(): void {
    this.#unschedule();
    this.#emailId = null;
  }

  #unschedule(): void {
    clearTimeout(this.#timer);
    this.#scheduled = null;
  }

  async #saveNow(draft: Draft, identity: Identity, mailboxId: MailboxId): Promise<EmailId> {
    if (this.#emailId !== null && draft === this.#savedDraft) return this.#emailId;
    this.onStatus('saving');
    try {
      this.#emailId = await this.#replace(toEmailCreate(draft, identity, mailboxId));
    } catch (error) {
      this.onStatus('failed');
      throw error;
    }
    this.#savedDraft = draft;
    this.onStatus('saved');
    return this.#emailId;
  }

  /** RFC 8620 §5.3: creations are processed before destructions, so a failure never loses the draft. */
  async #replace(create: Record<string, unknown>): Promise<EmailId> {
    const destroy = this.#emailId === null ? [] : [this.#emailId];
    const answer = await this.account.transport.call<SetResponse<Email>>('Email/set', { create: { [CREATION_ID]: create }, destroy }).result;
    const created = answer.created?.[CREATION_ID];
    if (!created) throw new JmapError('set', answer.notCreated?.[CREATION_ID]?.type ?? 'draft was not created');
    return created.id;
  }
}
