// The acts on a conversation, seen at once, with a toast that takes them back.

import { useState } from 'react';
import { changeEmails, destroyEmails, inverseOf } from '../jmap/change-emails.js';
import type { EmailPatches } from '../jmap/object-cache.js';
import type { Email, MailboxId, ThreadId } from '../jmap/types.js';
import { archivePatches, inboxPatches, isStarred, keywordPatches, trashPatches } from '../mail/conversation-actions.js';
import { useMessages } from '../messages/language.js';
import { emailsOfThread, useAccount } from './account-context.js';
import { useToaster } from './toasts.js';

export interface ConversationActions {
  archive(threadId: ThreadId): void;
  /** To the trash; from the trash, for good after a question. */
  trash(threadId: ThreadId): void;
  moveToInbox(threadId: ThreadId): void;
  markUnread(threadId: ThreadId): void;
  toggleStar(threadId: ThreadId): void;
  /** The conversation that waits for the answer whether to destroy it. */
  toDestroy: ThreadId | null;
  answerDestroy(isConfirmed: boolean): void;
}

/** @param onGone called before a conversation leaves the list, so that another can take its place */
export function useConversationActions(mailboxId: MailboxId | null, onGone: (threadId: ThreadId) => void): ConversationActions {
  const account = useAccount();
  const toaster = useToaster();
  const { toast } = useMessages();
  const [toDestroy, setToDestroy] = useState<ThreadId | null>(null);
  const mailboxes = () => account.cache.all('Mailbox');
  const emailsOf = (threadId: ThreadId): Email[] => emailsOfThread(account.cache, threadId);

  const change = (patches: EmailPatches, text: string): void => {
    const inverse = inverseOf(account, patches);
    const failed = (): void => toaster.showProblem(toast.notChanged);
    changeEmails(account, patches).catch(failed);
    toaster.show(text, () => { changeEmails(account, inverse).catch(failed); });
  };

  return {
    toDestroy,
    archive: (threadId) => {
      const patches = archivePatches(emailsOf(threadId), mailboxes(), mailboxId);
      if (!patches) return;
      onGone(threadId);
      change(patches, toast.archived(1));
    },
    moveToInbox: (threadId) => {
      onGone(threadId);
      change(inboxPatches(emailsOf(threadId), mailboxes(), mailboxId), toast.movedToInbox);
    },
    trash: (threadId) => {
      if (mailboxId === 'trash') return setToDestroy(threadId);
      const patches = trashPatches(emailsOf(threadId), mailboxes());
      if (!patches) return toaster.showProblem(toast.noTrash);
      onGone(threadId);
      change(patches, toast.trashed);
    },
    answerDestroy: (isConfirmed) => {
      setToDestroy(null);
      if (!isConfirmed || toDestroy === null) return;
      onGone(toDestroy);
      const doomed = emailsOf(toDestroy).filter((email) => email.mailboxIds['trash' as MailboxId]);
      destroyEmails(account, doomed.map(({ id }) => id))
        .then(() => toaster.show(toast.destroyed), () => toaster.showProblem(toast.notChanged));
    },
    markUnread: (threadId) => {
      const latest = emailsOf(threadId).at(-1);
      if (latest) change(keywordPatches([latest], '$seen', false), toast.markedUnread);
    },
    toggleStar: (threadId) => {
      const emails = emailsOf(threadId);
      const starred = emails.filter(isStarred);
      if (starred.length > 0) change(keywordPatches(starred, '$flagged', false), toast.unstarred);
      else change(keywordPatches(emails.slice(-1), '$flagged', true), toast.starred);
    },
  };
}
