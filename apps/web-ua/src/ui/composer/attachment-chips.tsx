import { Button } from 'react-aria-components';
import type { DraftAttachment } from '../../mail/draft.js';
import { formatSize } from '../../mail/local-date.js';
import { useMessages } from '../../messages/language.js';
import { CloseIcon, FileIcon } from '../icons.js';
import type { Upload } from './use-uploads.js';

export interface AttachmentChipsProps {
  attachments: readonly DraftAttachment[];
  uploads: readonly Upload[];
  onRemove(attachment: DraftAttachment): void;
}

export function AttachmentChips({ attachments, uploads, onRemove }: AttachmentChipsProps) {
  const { composer, conversation, locale } = useMessages();
  if (attachments.length + uploads.length === 0) return null;
  return (
    <ul className="composer-attachments" aria-label={conversation.attachments(attachments.length)}>
      {attachments.map((attachment, place) => (
        <li key={`${attachment.blobId}-${place}`} className="attachment-chip">
          <FileIcon size={16} />
          <span className="attachment-name">{attachment.name || conversation.unnamedAttachment}</span>
          <span className="attachment-size">{formatSize(attachment.size, locale)}</span>
          <Button className="chip-remove" aria-label={composer.removeAttachment(attachment.name)} onPress={() => onRemove(attachment)}><CloseIcon size={12} /></Button>
        </li>
      ))}
      {uploads.map(({ id, name }) => <li key={id} className="attachment-chip uploading"><FileIcon size={16} /><span>{composer.uploading(name)}</span></li>)}
    </ul>
  );
}
