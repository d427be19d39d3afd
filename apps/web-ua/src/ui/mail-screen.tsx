// The screen of an open account: top bar, mailboxes, list, conversation, composer. On a narrow screen one of them at a time.

import { useRef, useState } from 'react';
import type { MailboxId, ThreadId } from '../jmap/types.js';
import { useMessages } from '../messages/language.js';
import { useAccount, useCache } from './account-context.js';
import { Composer } from './composer/composer.js';
import { useComposing } from './composer/use-composing.js';
import { ConfirmDestroy } from './confirm-destroy.js';
import { ConversationPane } from './conversation-pane.js';
import { ListPane } from './list-pane.js';
import { usePageTitle } from './page-title.js';
import { goTo, useRoute } from './route.js';
import { ShortcutHelp } from './shortcut-help.js';
import { useShortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';
import { ToastProvider, useToaster } from './toasts.js';
import { TopBar } from './top-bar.js';
import { useConversationActions } from './use-conversation-actions.js';
import { usePlace } from './use-place.js';

export function MailScreen({ onSignOut }: { onSignOut(): void }) {
  return <ToastProvider><OpenMail onSignOut={onSignOut} /></ToastProvider>;
}

function OpenMail({ onSignOut }: { onSignOut(): void }) {
  const messages = useMessages();
  const account = useAccount();
  const cache = useCache();
  const toaster = useToaster();
  const route = useRoute();
  const place = usePlace(route.place);
  const [cursor, setCursor] = useState<ThreadId | null>(route.threadId);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const listRef = useRef<HTMLDivElement>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);
  const searchRef = useRef<HTMLInputElement>(null);
  const composing = useComposing();
  const inboxUnread = cache.get('Mailbox', 'inbox' as MailboxId)?.unreadThreads ?? 0;
  usePageTitle(messages.pageTitle(place.title, inboxUnread));

  const open = (threadId: ThreadId, { isByKeyboard }: { isByKeyboard: boolean }): void => {
    setCursor(threadId);
    goTo({ place: route.place, threadId }, { replace: route.threadId !== null });
    if (isByKeyboard) requestAnimationFrame(() => headingRef.current?.focus());
  };
  const close = (): void => {
    if (route.threadId !== null) goTo({ place: route.place, threadId: null });
    requestAnimationFrame(() => listRef.current?.focus());
  };
  const neighbour = (threadId: ThreadId | null, step: 1 | -1): ThreadId | null => {
    const threads = place.list.getSnapshot().places.map((id) => (id ? cache.get('Email', id)?.threadId ?? null : null));
    return threads[threadId === null ? 0 : threads.indexOf(threadId) + step] ?? null;
  };
  /** The cursor moves; an open conversation gives way to the one under the cursor. */
  const move = (step: 1 | -1): void => {
    const next = neighbour(cursor, step);
    if (next === null) return;
    setCursor(next);
    if (route.threadId !== null) open(next, { isByKeyboard: document.activeElement === headingRef.current });
  };
  const moveTo = (threadId: ThreadId): void => {
    setCursor(threadId);
    if (route.threadId !== null && isWide()) goTo({ place: route.place, threadId }, { replace: true });
  };
  const leave = (threadId: ThreadId): void => {
    const next = neighbour(threadId, 1) ?? neighbour(threadId, -1);
    setCursor(next);
    if (route.threadId !== threadId) return;
    if (next && isWide()) goTo({ place: route.place, threadId: next }, { replace: true });
    else close();
  };

  const actions = useConversationActions(place.mailboxId, leave);
  const target = route.threadId ?? cursor;
  const onTarget = (act: (threadId: ThreadId) => void) => (): void => { if (target) act(target); };
  const markUnread = (threadId: ThreadId): void => { actions.markUnread(threadId); if (route.threadId) close(); };
  const runShortcut = useShortcuts({
    j: () => move(1), k: () => move(-1), Enter: onTarget((threadId) => open(threadId, { isByKeyboard: true })), Escape: () => { if (isMenuOpen) setMenuOpen(false); else close(); },
    c: () => composing.compose({}), '/': () => searchRef.current?.focus(), '?': () => setHelpOpen(true), z: toaster.undoLast,
    e: onTarget(actions.archive), '#': onTarget(actions.trash), Delete: onTarget(actions.trash), u: onTarget(markUnread), s: onTarget(actions.toggleStar),
    r: onTarget((threadId) => void composing.answer(threadId, 'reply')), a: onTarget((threadId) => void composing.answer(threadId, 'replyAll')),
    f: onTarget((threadId) => void composing.answer(threadId, 'forward')),
  });

  const sidebar = (
    <Sidebar current={place.mailboxId} onCompose={() => { setMenuOpen(false); composing.compose({}); }} onHelp={() => setHelpOpen(true)}
      onSignOut={onSignOut} onChoose={() => setMenuOpen(false)} />
  );
  return (
    <div className={`mail-screen ${route.threadId === null ? 'showing-list' : 'showing-conversation'} ${isMenuOpen ? 'menu-open' : ''}`}>
      <TopBar search={place.search} searchRef={searchRef} isMenuOpen={isMenuOpen} onMenu={() => setMenuOpen(!isMenuOpen)}
        onSearch={(search) => goTo({ place: { search }, threadId: null })} onClearSearch={() => { if (place.search) goTo({ place: { mailboxId: 'inbox' as MailboxId }, threadId: null }); }} />
      <div className="sidebar">{sidebar}</div>
      <main className="content" id="content">
        <h1 className="visually-hidden">{messages.mailbox.withUnread(place.title, place.unread)}</h1>
        <ListPane key={place.key} list={place.list} title={place.title} unread={place.unread} kind={place.kind} cursor={cursor} openThread={route.threadId}
          isOutgoing={place.isOutgoing} listRef={listRef} onCursor={moveTo} onOpen={open} />
        <ConversationPane key={route.threadId ?? 'none'} threadId={route.threadId} mailboxId={place.mailboxId} headingRef={headingRef} actions={{ ...actions, markUnread }}
          composing={composing} onBack={close} onKey={runShortcut} />
      </main>
      {composing.current && <Composer key={composing.current.key} start={composing.current} onClose={composing.close} account={account} />}
      <ShortcutHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      <ConfirmDestroy isOpen={actions.toDestroy !== null} onConfirm={() => actions.answerDestroy(true)} onCancel={() => actions.answerDestroy(false)} />
    </div>
  );
}

/** List and conversation beside each other; the same width as in layout.css. */
const isWide = (): boolean => matchMedia('(min-width: 900px)').matches;
