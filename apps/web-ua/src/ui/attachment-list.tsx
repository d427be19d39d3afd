import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { EmailBodyPart } from '../jmap/types.js';
import { formatSize } from '../mail/local-date.js';
import { useMessages } from '../messages/language.js';
import { useAccount } from './account-context.js';
import { DownloadIcon, FileIcon } from './icons.js';
import { saveFile } from './save-file.js';
import { useToaster } from './toasts.js';

export function AttachmentList({ attachments }: { attachments: readonly EmailBodyPart[] }) {
  const { conversation } = useMessages();
  const files = attachments.filter(({ blobId }) => blobId !== null);
  if (files.length === 0) return null;
  return (
    <section className="attachments" aria-label={conversation.attachments(files.length)}>
      <h4>{conversation.attachments(files.length)}</h4>
      <ul>{files.map((part, place) => <li key={`${part.blobId}-${place}`}><AttachmentButton part={part} /></li>)}</ul>
    </section>
  );
}

function AttachmentButton({ part }: { part: EmailBodyPart }) {
  const { conversation, locale } = useMessages();
  const { blobs } = useAccount();
  const toaster = useToaster();
  const [isBusy, setBusy] = useState(false);
  const name = part.name ?? conversation.unnamedAttachment;
  const download = async (): Promise<void> => {
    setBusy(true);
    try {
      saveFile(await blobs.download(part.blobId ?? '', name), name);
    } catch {
      toaster.showProblem(conversation.downloadFailed);
    }
    setBusy(false);
  };
  return (
    <Button className="attachment" isPending={isBusy} onPress={() => void download()}>
      <FileIcon size={22} />
      <span className="attachment-name"><span className="visually-hidden">{conversation.download} </span>{name}</span>
      <span className="attachment-size">{formatSize(part.size, locale)}</span>
      <DownloadIcon size={16} />
    </Button>
  );
}
