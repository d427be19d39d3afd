import { useEffect, useId } from 'react';
import { Button } from 'react-aria-components';
import { loadContent } from '../jmap/load-conversation.js';
import type { Email, EmailAddress, EmailContent } from '../jmap/types.js';
import { formatAddress, hueIndex, initials, isSameAddress, shortName } from '../mail/address-list.js';
import { isDraft } from '../mail/conversation-actions.js';
import { htmlOf, isTruncated, textOf } from '../mail/message-text.js';
import { useDates, useMessages } from '../messages/language.js';
import { useAccount } from './account-context.js';
import { AttachmentList } from './attachment-list.js';
import { DeliveryStatus } from './delivery-status.js';
import { AttachmentIcon } from './icons.js';
import { isShownInline } from './inline-images.js';
import type { AskedLink } from './link-dialog.js';
import { MailFrame } from './mail-frame.js';
import { SecurityGlyph } from './security-glyph.js';
import { SecurityStrip } from './security-strip.js';

const HUES = 8;
const UNKNOWN_SENDER: EmailAddress = { name: null, email: '' };

export interface MessageCardProps {
  email: Email;
  isOpen: boolean;
  onToggle(): void;
  onKey(key: string): void;
  onLink(link: AskedLink): void;
  onEdit(): void;
}

/** One message of a conversation: folded to a line, or with its protection, its text and its attachments. */
export function MessageCard({ email, isOpen, onToggle, ...props }: MessageCardProps) {
  const { conversation, list } = useMessages();
  const dates = useDates();
  const bodyId = useId();
  const sender = email.from?.[0] ?? UNKNOWN_SENDER;
  const name = shortName(sender) || list.noSender;
  return (
    <article className={`message-card ${isOpen ? 'expanded' : 'folded'}`} aria-label={conversation.messageFrom(name)}>
      <header className="message-head">
        <span className={`avatar hue-${hueIndex(sender.email, HUES)}`} aria-hidden="true">{initials(sender)}</span>
        <div className="message-who">
          <h3><span className="message-name">{name}</span>{sender.name && isOpen && <span className="message-address">{sender.email}</span>}</h3>
          {isOpen ? <Recipients email={email} /> : <p className="message-preview">{email.preview}</p>}
        </div>
        <div className="message-when">
          {isDraft(email) && <span className="draft-mark">{list.row.draft}</span>}
          {!isOpen && email.hasAttachment && <AttachmentIcon size={15} />}
          {!isOpen && <SecurityGlyph status={email.security.status} size={15} />}
          <time dateTime={email.receivedAt} title={dates.full(new Date(email.receivedAt))}>{dates.short(new Date(email.receivedAt), new Date())}</time>
        </div>
        <Button className="message-toggle" aria-expanded={isOpen} aria-controls={bodyId} onPress={onToggle}
          aria-label={isOpen ? conversation.collapse(name) : conversation.expand(name)} />
      </header>
      <div id={bodyId} hidden={!isOpen}>{isOpen && <MessageBody email={email} name={name} {...props} />}</div>
    </article>
  );
}

function Recipients({ email }: { email: Email }) {
  const { conversation } = useMessages();
  const { address } = useAccount();
  const nameOf = (recipient: EmailAddress): string => (isSameAddress(recipient.email, address) ? conversation.toMe : shortName(recipient));
  const line = (label: string, list: EmailAddress[] | null | undefined) => list && list.length > 0
    && <span title={list.map(formatAddress).join(', ')}>{label} {list.map(nameOf).join(', ')}</span>;
  return (
    <p className="message-recipients">
      {line(conversation.to, email.to)}{line(conversation.cc, email.content?.cc)}{line(conversation.bcc, email.content?.bcc)}
    </p>
  );
}

function MessageBody({ email, name, onKey, onLink, onEdit }: Omit<MessageCardProps, 'isOpen' | 'onToggle'> & { name: string }) {
  const account = useAccount();
  const { conversation, security } = useMessages();
  const { content } = email;
  useEffect(() => { if (!content) loadContent(account, email.id).catch(() => undefined); }, [account, email.id, content]);
  return (
    <>
      {isDraft(email) ? <div className="draft-actions"><Button className="button primary" onPress={onEdit}>{conversation.editDraft}</Button></div>
        : <SecurityStrip security={email.security} sender={email.from?.[0] ?? UNKNOWN_SENDER} />}
      {content ? <Content email={email} content={content} title={conversation.frameTitle(name, security[email.security.status].short)} onKey={onKey} onLink={onLink} />
        : <div className="pane-loading" role="status" aria-label={conversation.loading}><span /><span /></div>}
      <DeliveryStatus email={email} />
    </>
  );
}

interface ContentProps extends Pick<MessageCardProps, 'onKey' | 'onLink'> {
  email: Email;
  content: EmailContent;
  title: string;
}

function Content({ email, content, title, onKey, onLink }: ContentProps) {
  const { conversation } = useMessages();
  const html = htmlOf(content);
  const files = content.attachments.filter((part) => html === null || !isShownInline(html, part));
  return (
    <>
      {isTruncated(content) && <p className="notice">{conversation.truncated}</p>}
      <MailFrame key={email.id} html={html} text={textOf(content)} attachments={content.attachments} title={title} status={email.security.status}
        onKey={onKey} onLink={onLink} />
      <AttachmentList attachments={files} />
    </>
  );
}
