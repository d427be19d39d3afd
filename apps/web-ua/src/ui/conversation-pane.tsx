// The reading pane: subject and acts above, the messages of the conversation below, the latest and the unread ones open.

import { useEffect, useRef, useState, type RefObject } from 'react';
import { Button } from 'react-aria-components';
import { changeEmails } from '../jmap/change-emails.js';
import { loadConversation } from '../jmap/load-conversation.js';
import type { Email, EmailId, MailboxId, ThreadId } from '../jmap/types.js';
import { isDraft, isUnread, keywordPatches } from '../mail/conversation-actions.js';
import { useMessages } from '../messages/language.js';
import { emailsOfThread, useAccount, useCache } from './account-context.js';
import type { Composing } from './composer/use-composing.js';
import { ConversationToolbar } from './conversation-toolbar.js';
import { Dove } from './dove.js';
import { ForwardIcon, ReplyAllIcon, ReplyIcon } from './icons.js';
import { LinkDialog, type AskedLink } from './link-dialog.js';
import { MessageCard } from './message-card.js';
import type { ConversationActions } from './use-conversation-actions.js';

export interface ConversationPaneProps {
  threadId: ThreadId | null;
  mailboxId: MailboxId | null;
  headingRef: RefObject<HTMLHeadingElement | null>;
  actions: ConversationActions;
  composing: Composing;
  onBack(): void;
  /** A shortcut pressed inside a mail frame. */
  onKey(key: string): void;
}

export function ConversationPane({ threadId, ...props }: ConversationPaneProps) {
  const { conversation } = useMessages();
  return (
    <section className="conversation-pane" aria-label={conversation.label}>
      {threadId === null ? <div className="empty-state"><Dove size={64} /><h2>{conversation.none.title}</h2><p>{conversation.none.lead}</p></div>
        : <Conversation threadId={threadId} {...props} />}
    </section>
  );
}

type LoadStatus = 'loading' | 'ready' | 'gone' | 'failed';

function Conversation({ threadId, mailboxId, headingRef, actions, composing, onBack, onKey }: ConversationPaneProps & { threadId: ThreadId }) {
  const { conversation: texts, list } = useMessages();
  const emails = emailsInPlace(emailsOfThread(useCache(), threadId), mailboxId);
  const [status, load] = useLoading(threadId);
  const [askedLink, setAskedLink] = useState<AskedLink | null>(null);
  const isOpen = useOpenMessages(emails);
  useMarkRead(emails);

  if (status === 'failed') return <PaneNotice title={texts.failed.title} action={{ text: texts.failed.retry, run: load }} onBack={onBack} />;
  if (emails.length === 0) return status === 'loading' ? <PaneLoading /> : <PaneNotice title={texts.gone.title} lead={texts.gone.lead} onBack={onBack} />;
  const latest = emails.findLast((email) => !isDraft(email));
  return (
    <>
      <ConversationToolbar threadId={threadId} emails={emails} mailboxId={mailboxId} actions={actions} onBack={onBack} />
      <div className="conversation-scroller" tabIndex={-1}>
        <header className="conversation-head">
          <h2 ref={headingRef} tabIndex={-1}>{emails[0]?.subject?.trim() || list.noSubject}</h2>
          {emails.length > 1 && <span className="muted">{texts.messageCount(emails.length)}</span>}
        </header>
        {emails.map((email) => (
          <MessageCard key={email.id} email={email} isOpen={isOpen.has(email.id)} onToggle={() => isOpen.toggle(email.id)} onKey={onKey}
            onLink={setAskedLink} onEdit={() => void composing.edit(email.id)} />
        ))}
        {latest && (
          <div className="reply-bar">
            <Button className="button" onPress={() => void composing.answer(threadId, 'reply')}><ReplyIcon size={18} />{texts.reply}</Button>
            <Button className="button" onPress={() => void composing.answer(threadId, 'replyAll')}><ReplyAllIcon size={18} />{texts.replyAll}</Button>
            <Button className="button" onPress={() => void composing.answer(threadId, 'forward')}><ForwardIcon size={18} />{texts.forward}</Button>
          </div>
        )}
      </div>
      <LinkDialog link={askedLink} onClose={() => setAskedLink(null)} onMailto={composing.mailto} />
    </>
  );
}

/** Trash shows what is in the trash; other places leave it out. */
function emailsInPlace(emails: Email[], mailboxId: MailboxId | null): Email[] {
  const trash = 'trash' as MailboxId;
  return emails.filter((email) => (mailboxId === trash ? email.mailboxIds[trash] : !email.mailboxIds[trash] || Object.keys(email.mailboxIds).length > 1));
}

function useLoading(threadId: ThreadId): [LoadStatus, () => void] {
  const account = useAccount();
  const [status, setStatus] = useState<LoadStatus>('loading');
  const load = (): void => {
    setStatus('loading');
    loadConversation(account, threadId).then((isThere) => setStatus(isThere ? 'ready' : 'gone'), () => setStatus('failed'));
  };
  useEffect(load, [account, threadId]);
  return [status, load];
}

/** Open are the latest message, those unread when they were first seen, and what the user opened. */
function useOpenMessages(emails: readonly Email[]): { has(id: EmailId): boolean; toggle(id: EmailId): void } {
  const [toggled, setToggled] = useState<ReadonlyMap<EmailId, boolean>>(new Map());
  const wereUnread = useRef(new Set<EmailId>());
  for (const email of emails) if (isUnread(email)) wereUnread.current.add(email.id);
  const latest = emails.at(-1)?.id;
  const has = (id: EmailId): boolean => toggled.get(id) ?? (id === latest || wereUnread.current.has(id));
  return { has, toggle: (id) => setToggled(new Map(toggled).set(id, !has(id))) };
}

/** Each message is marked once, so that "mark as unread" is not undone by looking on. */
function useMarkRead(emails: readonly Email[]): void {
  const account = useAccount();
  const marked = useRef(new Set<EmailId>());
  const unread = emails.filter((email) => isUnread(email) && !marked.current.has(email.id));
  const key = unread.map(({ id }) => id).join();
  useEffect(() => {
    if (unread.length === 0) return;
    for (const { id } of unread) marked.current.add(id);
    // A failed mark only leaves the message unread.
    changeEmails(account, keywordPatches(unread, '$seen', true)).catch(() => undefined);
  }, [account, key]);
}

function PaneLoading() {
  const { conversation } = useMessages();
  return <div className="pane-loading" role="status" aria-label={conversation.loading}><span /><span /><span /></div>;
}

interface PaneNoticeProps {
  title: string;
  lead?: string;
  action?: { text: string; run(): void };
  onBack(): void;
}

function PaneNotice({ title, lead, action, onBack }: PaneNoticeProps) {
  const { conversation } = useMessages();
  return (
    <div className="empty-state" role="status">
      <h2>{title}</h2>
      {lead && <p>{lead}</p>}
      {action && <Button className="button primary" onPress={action.run}>{action.text}</Button>}
      <Button className="button" onPress={onBack}>{conversation.back}</Button>
    </div>
  );
}
