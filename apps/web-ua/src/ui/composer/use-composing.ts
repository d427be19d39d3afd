// Which message is being written. One at a time; starting another saves the one before.

import { useRef, useState } from 'react';
import { loadConversation } from '../../jmap/load-conversation.js';
import type { Email, EmailContent, EmailId, Identity, ThreadId } from '../../jmap/types.js';
import { isDraft } from '../../mail/conversation-actions.js';
import { newDraft, type Draft } from '../../mail/draft.js';
import { draftFromEmail } from '../../mail/edit-draft.js';
import { draftFromMailto } from '../../mail/mailto.js';
import { draftReply, type ReplyMode } from '../../mail/reply.js';
import { useDates, useMessages } from '../../messages/language.js';
import { emailsOfThread, useAccount } from '../account-context.js';
import { useToaster } from '../toasts.js';

export interface ComposerStart {
  /** Differs from message to message. */
  key: number;
  kind: 'new' | 'reply' | 'forward' | 'draft';
  draft: Draft;
  /** The filed version, when a draft is opened again. */
  emailId: EmailId | null;
}

export interface Composing {
  current: ComposerStart | null;
  compose(start: Partial<Draft>): void;
  /** Answers or forwards the latest message of a conversation. */
  answer(threadId: ThreadId, mode: ReplyMode): Promise<void>;
  edit(emailId: EmailId): void;
  mailto(url: string): void;
  close(): void;
}

type ReadEmail = Email & { content: EmailContent };

export function useComposing(): Composing {
  const account = useAccount();
  const toaster = useToaster();
  const { composer, conversation } = useMessages();
  const dates = useDates();
  const [current, setCurrent] = useState<ComposerStart | null>(null);
  const nextKey = useRef(0);

  const start = (kind: ComposerStart['kind'], makeDraft: (identities: [Identity, ...Identity[]]) => Draft, emailId: EmailId | null = null): void => {
    const [first, ...others] = account.cache.all('Identity');
    if (!first) return toaster.showProblem(composer.noIdentity);
    setCurrent({ key: nextKey.current++, kind, draft: makeDraft([first, ...others]), emailId });
  };
  const words = {
    wrote: (author: string, date: Date) => composer.quoteHeader(author, dates.full(date)),
    forwardedHeading: composer.forwardedHeading, fields: composer.fields, formatDate: dates.full,
  };
  const compose = (partial: Partial<Draft>): void => start('new', ([identity]) => newDraft(identity, partial));

  return {
    current, compose,
    close: () => setCurrent(null),
    mailto: (url) => compose(draftFromMailto(url)),
    answer: async (threadId, mode) => {
      const readLatest = (): ReadEmail | undefined => emailsOfThread(account.cache, threadId).filter(hasContent).findLast((email) => !isDraft(email));
      if (!readLatest()) await loadConversation(account, threadId).catch(() => false);
      const email = readLatest();
      if (!email) return toaster.showProblem(conversation.failed.title);
      start(mode === 'forward' ? 'forward' : 'reply', (identities) => {
        const own = identities.map((identity) => identity.email);
        return newDraft(identities[0], draftReply(email, email.content, mode, own, words));
      });
    },
    edit: (emailId) => {
      const email = account.cache.get('Email', emailId);
      if (email && hasContent(email)) start('draft', (identities) => draftFromEmail(email, email.content, identities), emailId);
    },
  };
}

const hasContent = (email: Email): email is ReadEmail => email.content !== undefined;
