import { Button } from 'react-aria-components';
import { sidebarOrder } from '../mail/mailbox-order.js';
import type { Mailbox, MailboxId, MailboxRole } from '../jmap/types.js';
import { useMessages, type Messages } from '../messages/language.js';
import { useAccount, useMailboxes } from './account-context.js';
import { ArchiveIcon, ComposeIcon, DraftsIcon, ImportantIcon, InboxIcon, JunkIcon, KeyboardIcon, LabelIcon, SentIcon, SettingsIcon, SignOutIcon, TrashIcon } from './icons.js';
import { IconButton } from './icon-button.js';
import { formatRoute } from './route.js';

const ROLE_ICONS: Record<MailboxRole, typeof InboxIcon> = {
  inbox: InboxIcon, important: ImportantIcon, drafts: DraftsIcon, sent: SentIcon, archive: ArchiveIcon, junk: JunkIcon, trash: TrashIcon,
};

export const mailboxName = (mailbox: Mailbox, { mailbox: texts }: Messages): string =>
  (mailbox.role === null ? mailbox.name.split('/').at(-1) ?? mailbox.name : texts.roles[mailbox.role]);

export interface SidebarProps {
  current: MailboxId | null;
  onCompose(): void;
  onHelp(): void;
  /** Null where this way in shows no settings. */
  onSettings: (() => void) | null;
  onSignOut(): void;
  /** After a mailbox was chosen: on a narrow screen the sidebar closes. */
  onChoose(): void;
}

export function Sidebar({ current, onCompose, onHelp, onSettings, onSignOut, onChoose }: SidebarProps) {
  const { navigation, settings, locale } = useMessages();
  const { roles, others } = sidebarOrder(useMailboxes(), locale);
  const { address } = useAccount();
  return (
    <aside className="sidebar-inner" aria-label={navigation.account}>
      <Button className="button primary compose-button" onPress={onCompose}><ComposeIcon size={18} />{navigation.compose}</Button>
      <nav aria-label={navigation.mailboxes} className="mailboxes">
        <ul>{roles.map((mailbox) => <MailboxLink key={mailbox.id} mailbox={mailbox} depth={0} isCurrent={mailbox.id === current} onChoose={onChoose} />)}</ul>
        {others.length > 0 && <h2 className="mailboxes-heading">{navigation.labels}</h2>}
        <ul>{others.map(({ mailbox, depth }) => (
          <MailboxLink key={mailbox.id} mailbox={mailbox} depth={depth} isCurrent={mailbox.id === current} onChoose={onChoose} />
        ))}</ul>
      </nav>
      <div className="sidebar-foot">
        <span className="own-address" title={address}>{address}</span>
        {onSettings && <IconButton className="small" label={settings.open} onPress={onSettings}><SettingsIcon size={18} /></IconButton>}
        <IconButton className="small" label={navigation.shortcuts} shortcut="?" onPress={onHelp}><KeyboardIcon size={18} /></IconButton>
        <IconButton className="small" label={navigation.signOut} onPress={onSignOut}><SignOutIcon size={18} /></IconButton>
      </div>
    </aside>
  );
}

interface MailboxLinkProps {
  mailbox: Mailbox;
  depth: number;
  isCurrent: boolean;
  onChoose(): void;
}

/** Drafts show how many there are, the other mailboxes how much is unread. */
function MailboxLink({ mailbox, depth, isCurrent, onChoose }: MailboxLinkProps) {
  const messages = useMessages();
  const Icon = mailbox.role === null ? LabelIcon : ROLE_ICONS[mailbox.role];
  const name = mailboxName(mailbox, messages);
  const isDrafts = mailbox.role === 'drafts';
  const count = isDrafts ? mailbox.totalEmails : mailbox.role === 'sent' || mailbox.role === 'trash' ? 0 : mailbox.unreadThreads;
  return (
    <li>
      <a href={formatRoute({ place: { mailboxId: mailbox.id }, threadId: null })} className={`mailbox-link depth-${Math.min(depth, 4)}`}
        aria-current={isCurrent ? 'page' : undefined} onClick={onChoose}>
        <Icon size={18} />
        <span className="mailbox-name">{name}</span>
        {count > 0 && (
          <span className={isDrafts ? 'count quiet' : 'count'}>
            {count}<span className="visually-hidden"> {isDrafts ? messages.mailbox.messages(count) : messages.mailbox.unread}</span>
          </span>
        )}
      </a>
    </li>
  );
}
