// The protocol-neutral mail API of one account. IMAP, JMAP, local SMTP, the command line and third-party programs all
// use it, so they agree by construction. Implementations: the document-store one (production) and the memory twin; both
// run the contract suite in ../contract.
//
// Every list is a snapshot taken at the call; a later change reaches the caller only through `subscribe` and the
// `…Changes` calls. Methods answer expected outcomes as values and throw MailStoreError only for the rest.

import type { AccountId, EmailId, MailAddress, MailboxId, ThreadId } from '@paloma/shared-model';
import type { Annotation, AnnotationChange, AnnotationOutcome, AnnotationOwner } from './annotation.js';
import type { AppendAllOutcome, AppendInput, AppendOutcome, CopiedEmail, EmailRecord, EmailUpdate, EmailUpdateOutcome, ReplacedEmail } from './email.js';
import type { DescriptionParts, ImapDescription } from './imap-description.js';
import type { Mailbox, MailboxInput, MailboxOutcome, MailboxPatch } from './mailbox.js';
import type { MailboxView, MailboxViewChanges } from './mailbox-view.js';
import type { MessageAtHand } from './message-at-hand.js';
import type { OrderProperty, ThreadFacts } from './message-order.js';
import type { EmailFilter, EmailSort, QueryResult, QueryWindow } from './query.js';
import type { ChangeList, MailChange, StateName } from './state.js';

export interface MailStore {
  readonly accountId: AccountId;
  readonly address: MailAddress;

  /** Current state string of one kind; changes when anything of that kind changes. Opaque, RFC 8620 §5.1. */
  state(name: StateName): Promise<string>;
  /** Ids changed since a state, or `null` when the state is too old or unknown ("cannotCalculateChanges"). */
  changesSince(name: StateName, sinceState: string, maxChanges: number): Promise<ChangeList | null>;
  /** Called after each commit with what changed. Returns the function that ends the subscription. */
  subscribe(listener: (change: MailChange) => void): () => void;

  listMailboxes(): Promise<Mailbox[]>;
  createMailbox(input: MailboxInput): Promise<MailboxOutcome>;
  /** Renaming a mailbox renames its children, RFC 9051 §6.3.6. */
  updateMailbox(mailboxId: MailboxId, patch: MailboxPatch): Promise<MailboxOutcome>;
  /** With `removeEmails` false a mailbox that holds emails is refused ("mailboxHasEmail"). */
  destroyMailbox(mailboxId: MailboxId, options: { removeEmails: boolean }): Promise<MailboxOutcome>;

  /** IMAP's sight of a mailbox: UIDs and modseqs of this device. `null`: no such mailbox. */
  openView(mailboxId: MailboxId): Promise<MailboxView | null>;
  /** What changed in a view after `sinceModSeq`. `null`: no such mailbox, or the modseq is older than what is remembered. */
  viewChangesSince(mailboxId: MailboxId, sinceModSeq: number): Promise<MailboxViewChanges | null>;

  /** Emails in the order asked; unknown ids are left out. */
  getEmails(emailIds: readonly EmailId[]): Promise<EmailRecord[]>;
  /** Of messages, by the keys of a view, ascending by them; messages that are gone are left out, at once or in a while. */
  describeMessages(messageKeys: readonly number[], parts: DescriptionParts): Promise<ImapDescription[]>;
  /**
   * Messages whose octets are on this device, many in one go, by the keys of a view; of the others `loadMessageBytes` knows more. How
   * much memory they take is the caller's care.
   */
  getMessagesAtHand(messageKeys: readonly number[], options: { withBody: boolean }): Promise<ReadonlyMap<number, MessageAtHand>>;
  /**
   * Of messages, by the keys of a view: numbers that stand to each other as the messages do by this property; of `sent` they are
   * milliseconds, and NaN where there is no date. A message that is gone is as one without header.
   */
  orderBy(property: OrderProperty, messageKeys: ArrayLike<number>): Promise<Float64Array>;
  /** What threads are made of, of messages by the keys of a view. A message that is gone is as one without header. */
  threadFacts(messageKeys: ArrayLike<number>): Promise<ThreadFacts>;
  /**
   * Octets of the message, all or a range; fetched from the provider when they are not on this device.
   * `null`: no such email. @throws {MailStoreError} "contentUnavailable" when it cannot be fetched now
   */
  loadMessageBytes(emailId: EmailId, range?: { offset: number; length: number }): Promise<Uint8Array | null>;
  /** Files a message. The octets are kept exactly. */
  append(input: AppendInput): Promise<AppendOutcome>;
  /**
   * Files all of these, and takes the replaced email out of its mailbox, in one transaction; with one refusal nothing happens
   * (MULTIAPPEND, RFC 3502). UIDs ascend in the order of the list.
   */
  appendAll(inputs: readonly AppendInput[], options?: { replaced?: ReplacedEmail }): Promise<AppendAllOutcome>;
  /** Keywords, mailbox membership and `\Deleted` marks; one transaction for the whole list; an outcome for each. */
  updateEmails(updates: readonly EmailUpdate[]): Promise<EmailUpdateOutcome[]>;
  /** Takes emails out of every mailbox for good. Unknown ids are left out of the answer. */
  destroyEmails(emailIds: readonly EmailId[]): Promise<EmailId[]>;
  /** IMAP COPY: new emails in the mailbox that share the messages, keywords copied (RFC 9051 §6.4.7). Order kept; `null` where the source is gone. One transaction. */
  copyEmails(emailIds: readonly EmailId[], mailboxId: MailboxId): Promise<(CopiedEmail | null)[]>;
  /**
   * IMAP MOVE within a mailbox (RFC 6851 §3.3): a copy at its end in the place of each email, which leaves it. One transaction, so that no message is there
   * twice; `null` where the email is not in the mailbox.
   */
  moveToEnd(emailIds: readonly EmailId[], mailboxId: MailboxId): Promise<(CopiedEmail | null)[]>;

  /** By name; null: no such mailbox. */
  annotationsOf(owner: AnnotationOwner): Promise<Annotation[] | null>;
  /** All of the changes or none. They go with the mailbox, under whatever name it has. */
  annotate(owner: AnnotationOwner, changes: readonly AnnotationChange[]): Promise<AnnotationOutcome>;

  /** UIDs of the emails of a mailbox that the filter lets through, in no order. */
  findUids(mailboxId: MailboxId, filter: EmailFilter): Promise<Uint32Array>;
  query(filter: EmailFilter | null, sort: readonly EmailSort[], window: QueryWindow): Promise<QueryResult>;
  /** Emails of each thread, oldest first; unknown ids are left out. */
  getThreads(threadIds: readonly ThreadId[]): Promise<{ threadId: ThreadId; emailIds: EmailId[] }[]>;
}
