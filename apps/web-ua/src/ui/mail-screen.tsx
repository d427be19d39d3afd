// The screen of an open account: top bar, mailboxes, list, conversation, composer. On a narrow screen one of them at a time.

import { useRef, useState } from 'react';
import { Button } from 'react-aria-components';
import type { MailboxId, ThreadId } from '../jmap/types.js';
import { useMessages } from '../messages/language.js';
import { useAccount, useCache } from './account-context.js';
import { Composer } from './composer/composer.js';
import { useComposing, type Composing } from './composer/use-composing.js';
import { ConfirmDestroy } from './confirm-destroy.js';
import { ConversationPane } from './conversation-pane.js';
import { KeyReviewProvider } from './keys/key-review.js';
import { ListPane } from './list-pane.js';
import { usePageTitle } from './page-title.js';
import { goTo, useRoute } from './route.js';
import { SettingsDialog } from './settings/settings-dialog.js';
import { ShortcutHelp } from './shortcut-help.js';
import { useShortcuts, type Shortcuts } from './shortcuts.js';
import { Sidebar } from './sidebar.js';
import { ToastProvider, useToaster } from './toasts.js';
import { TopBar } from './top-bar.js';
import { useConversationActions, type ConversationActions } from './use-conversation-actions.js';
import { useListNavigation, type ListNavigation } from './use-list-navigation.js';
import { usePlace } from './use-place.js';

const INBOX = 'inbox' as MailboxId;

export function MailScreen({ onSignOut }: { onSignOut(): void }) {
  return <ToastProvider><KeyReviewProvider><OpenMail onSignOut={onSignOut} /></KeyReviewProvider></ToastProvider>;
}

function OpenMail({ onSignOut }: { onSignOut(): void }) {
  const messages = useMessages();
  const account = useAccount();
  const route = useRoute();
  const place = usePlace(route.place);
  const navigation = useListNavigation(route, place);
  const composing = useComposing();
  const toaster = useToaster();
  const actions = useClosingActions(useConversationActions(place.mailboxId, navigation.leave), route.threadId, navigation);
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [areSettingsOpen, setSettingsOpen] = useState(false);
  const [isMenuOpen, setMenuOpen] = useState(false);
  const searchRef = useRef<HTMLInputElement>(null);
  usePageTitle(messages.pageTitle(place.title, useCache().get('Mailbox', INBOX)?.unreadThreads ?? 0));

  const runShortcut = useShortcuts({
    ...conversationShortcuts(route.threadId ?? navigation.cursor, navigation, actions, composing),
    Escape: () => { if (isMenuOpen) setMenuOpen(false); else navigation.close(); },
    c: () => composing.compose({}), z: toaster.undoLast, '/': () => searchRef.current?.focus(), '?': () => setHelpOpen(true),
  });
  return (
    <div className={`mail-screen ${route.threadId === null ? 'showing-list' : 'showing-conversation'} ${isMenuOpen ? 'menu-open' : ''}`}>
      <Button className="skip-link button" onPress={() => navigation.listRef.current?.focus()}>{messages.navigation.skipToList}</Button>
      <TopBar search={place.search} searchRef={searchRef} isMenuOpen={isMenuOpen} onMenu={() => setMenuOpen(!isMenuOpen)}
        onSearch={(search) => goTo({ place: { search }, threadId: null })}
        onClearSearch={() => { if (place.search) goTo({ place: { mailboxId: INBOX }, threadId: null }); }} />
      <div className="sidebar">
        <Sidebar current={place.mailboxId} onCompose={() => { setMenuOpen(false); composing.compose({}); }} onHelp={() => setHelpOpen(true)}
          onSettings={account.settings.servers && (() => { setMenuOpen(false); setSettingsOpen(true); })}
          onSignOut={onSignOut} onChoose={() => setMenuOpen(false)} />
      </div>
      <main className="content">
        <h1 className="visually-hidden">{messages.mailbox.withUnread(place.title, place.unread)}</h1>
        <ListPane key={place.key} list={place.list} title={place.title} unread={place.unread} kind={place.kind} cursor={navigation.cursor}
          openThread={route.threadId} isOutgoing={place.isOutgoing} listRef={navigation.listRef} onCursor={navigation.moveCursor} onOpen={navigation.open} />
        <ConversationPane key={route.threadId ?? 'none'} threadId={route.threadId} mailboxId={place.mailboxId} headingRef={navigation.headingRef}
          actions={actions} composing={composing} onBack={navigation.close} onKey={runShortcut} />
      </main>
      {composing.current && <Composer key={composing.current.key} start={composing.current} onClose={composing.close} account={account} />}
      <SettingsDialog isOpen={areSettingsOpen} onClose={() => setSettingsOpen(false)} />
      <ShortcutHelp isOpen={isHelpOpen} onClose={() => setHelpOpen(false)} />
      <ConfirmDestroy isOpen={actions.toDestroy !== null} onConfirm={() => actions.answerDestroy(true)} onCancel={() => actions.answerDestroy(false)} />
    </div>
  );
}

/** "Mark as unread" closes the conversation: it would be marked as read again at the next look. */
function useClosingActions(actions: ConversationActions, openThread: ThreadId | null, { close }: ListNavigation): ConversationActions {
  return { ...actions, markUnread: (threadId) => { actions.markUnread(threadId); if (openThread) close(); } };
}

/** Keys that act on the open conversation, or on the one under the cursor. */
function conversationShortcuts(target: ThreadId | null, { open, step }: ListNavigation, actions: ConversationActions, { answer }: Composing): Shortcuts {
  const onTarget = (act: (threadId: ThreadId) => void) => (): void => { if (target) act(target); };
  return {
    j: () => step(1), k: () => step(-1), Enter: onTarget((threadId) => open(threadId, { isByKeyboard: true })),
    e: onTarget(actions.archive), '#': onTarget(actions.trash), Delete: onTarget(actions.trash), u: onTarget(actions.markUnread), s: onTarget(actions.toggleStar),
    r: onTarget((threadId) => void answer(threadId, 'reply')), a: onTarget((threadId) => void answer(threadId, 'replyAll')),
    f: onTarget((threadId) => void answer(threadId, 'forward')),
  };
}
