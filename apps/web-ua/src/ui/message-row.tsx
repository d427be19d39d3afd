import type { ReactNode } from 'react';
import type { Email, EmailId, SecurityStatus, ThreadId } from '../jmap/types.js';
import { shortName } from '../mail/address-list.js';
import { isDraft, isStarred, isUnread } from '../mail/conversation-actions.js';
import { useDates, useMessages, type Messages } from '../messages/language.js';
import { emailsOfThread, useCache } from './account-context.js';
import { AttachmentIcon, ReplyIcon, StarFilledIcon } from './icons.js';
import { SecurityGlyph } from './security-glyph.js';

export interface MessageRowProps {
  id: string;
  /** `null` while the place is being fetched. */
  emailId: EmailId | null;
  top: number;
  place: number;
  count: number;
  isCursor: boolean;
  isOpen: boolean;
  isOutgoing: boolean;
  onOpen(threadId: ThreadId): void;
}

export function MessageRow({ emailId, ...row }: MessageRowProps) {
  const cache = useCache();
  const email = emailId ? cache.get('Email', emailId) : undefined;
  const position = { id: row.id, role: 'option', 'aria-setsize': row.count, 'aria-posinset': row.place, style: { transform: `translateY(${row.top}px)` } } as const;
  const { list } = useMessages();
  if (!email) return <div {...position} aria-selected={false} aria-label={list.loading} className="row placeholder"><span /><span /><span /></div>;
  const conversation = emailsOfThread(cache, email.threadId);
  return <ConversationRow {...row} email={email} conversation={conversation.length > 0 ? conversation : [email]} position={position} />;
}

interface ConversationRowProps extends Omit<MessageRowProps, 'emailId'> {
  email: Email;
  conversation: Email[];
  position: object;
}

function ConversationRow({ email, conversation, position, isCursor, isOpen, isOutgoing, onOpen }: ConversationRowProps) {
  const messages = useMessages();
  const words = messages.list.row;
  const dates = useDates();
  const unread = conversation.some(isUnread);
  const date = dates.short(new Date(email.receivedAt), new Date());
  const names = isOutgoing ? recipientNames(email, messages) : senderNames(conversation, messages);
  const status = notableStatus(conversation);
  const subject = email.subject?.trim() || messages.list.noSubject;
  const classes = ['row', unread && 'unread', isCursor && 'cursor', isOpen && 'open'].filter(Boolean).join(' ');
  return (
    <div {...position} className={classes} aria-selected={isOpen} onClick={() => onOpen(email.threadId)}>
      <span className="row-dot">{unread && <Spoken text={words.unread} />}</span>
      <span className="row-top">
        <span className="row-names">{names}</span>
        {conversation.length > 1 && <span className="row-count">{conversation.length}<Spoken text={words.messages} /></span>}
        <span className="row-marks">
          {'$answered' in email.keywords && <Mark text={words.answered}><ReplyIcon size={14} /></Mark>}
          {conversation.some((member) => member.hasAttachment) && <Mark text={words.hasAttachment}><AttachmentIcon size={14} /></Mark>}
          {conversation.some(isStarred) && <Mark text={words.starred} className="starred"><StarFilledIcon size={14} /></Mark>}
          {status && <Mark text={messages.security[status].short}><SecurityGlyph status={status} size={14} /></Mark>}
        </span>
        <time className="row-date" dateTime={email.receivedAt}>{date}</time>
      </span>
      <span className="row-subject">
        {conversation.some(isDraft) && <span className="draft-mark">{words.draft}</span>}{subject}
      </span>
      <span className="row-preview">{email.preview}</span>
    </div>
  );
}

/** A problem anywhere counts; else the latest message, and only when it is better than ordinary mail. */
function notableStatus(conversation: readonly Email[]): SecurityStatus | null {
  if (conversation.some(({ security }) => security?.status === 'problem')) return 'problem';
  const status = conversation.at(-1)?.security?.status;
  return status === 'privateVerified' || status === 'private' ? status : null;
}

function senderNames(conversation: readonly Email[], { list }: Messages): string {
  const senders = conversation.flatMap((email) => email.from?.[0] ?? []);
  const names = [...new Map(senders.map((sender) => [sender.email.toLowerCase(), sender])).values()];
  if (names.length === 0) return list.noSender;
  return names.length === 1 ? shortName(names[0] ?? { name: null, email: '' }) : names.map((sender) => shortName(sender).split(' ')[0]).join(', ');
}

function recipientNames({ to }: Email, { list }: Messages): string {
  return list.toPrefix((to ?? []).map(shortName).join(', ') || '–');
}

/** Said where others see a dot or a number. */
const Spoken = ({ text }: { text: string }) => <span className="visually-hidden"> {text}, </span>;

/** A glyph that is also said. */
function Mark({ text, className, children }: { text: string; className?: string; children: ReactNode }) {
  return <span className={className} title={text}>{children}<Spoken text={text} /></span>;
}
