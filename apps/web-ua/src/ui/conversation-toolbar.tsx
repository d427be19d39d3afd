import { Toolbar } from 'react-aria-components';
import type { Email, MailboxId, ThreadId } from '../jmap/types.js';
import { isStarred } from '../mail/conversation-actions.js';
import { useMessages } from '../messages/language.js';
import { IconButton } from './icon-button.js';
import { ArchiveIcon, BackIcon, InboxIcon, StarFilledIcon, StarIcon, TrashIcon, UnreadIcon } from './icons.js';
import type { ConversationActions } from './use-conversation-actions.js';

export interface ConversationToolbarProps {
  threadId: ThreadId;
  emails: readonly Email[];
  mailboxId: MailboxId | null;
  actions: ConversationActions;
  onBack(): void;
}

/** Mailboxes out of which one goes back to the inbox rather than on to the archive. */
const PUT_AWAY: ReadonlySet<string | null> = new Set(['archive', 'trash', 'junk']);

export function ConversationToolbar({ threadId, emails, mailboxId, actions, onBack }: ConversationToolbarProps) {
  const { conversation: texts } = useMessages();
  const hasStar = emails.some(isStarred);
  const isPutAway = PUT_AWAY.has(mailboxId);
  return (
    <Toolbar className="toolbar" aria-label={texts.actions}>
      <IconButton className="back-button" label={texts.back} shortcut="Esc" onPress={onBack}><BackIcon /></IconButton>
      {isPutAway ? <IconButton label={texts.moveToInbox} onPress={() => actions.moveToInbox(threadId)}><InboxIcon /></IconButton>
        : <IconButton label={texts.archive} shortcut="e" onPress={() => actions.archive(threadId)}><ArchiveIcon /></IconButton>}
      <IconButton label={mailboxId === 'trash' ? texts.destroy : texts.trash} shortcut="#" onPress={() => actions.trash(threadId)}><TrashIcon /></IconButton>
      <IconButton label={texts.markUnread} shortcut="u" onPress={() => actions.markUnread(threadId)}><UnreadIcon /></IconButton>
      <IconButton label={hasStar ? texts.unstar : texts.star} shortcut="s" className={hasStar ? 'starred' : ''} onPress={() => actions.toggleStar(threadId)}>
        {hasStar ? <StarFilledIcon /> : <StarIcon />}
      </IconButton>
    </Toolbar>
  );
}
