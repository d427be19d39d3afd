// Files on their way to the daemon; done, they become attachments of the draft.

import { useEffect, useRef, useState } from 'react';
import { JmapError } from '../../jmap/jmap-error.js';
import type { MailAccount } from '../../jmap/mail-account.js';
import type { DraftAttachment } from '../../mail/draft.js';
import { useMessages } from '../../messages/language.js';
import { announce } from '../live-region.js';
import { useToaster } from '../toasts.js';

export interface Upload {
  id: number;
  name: string;
}

const CORE_CAPABILITY = 'urn:ietf:params:jmap:core';

export function useUploads(account: MailAccount, onAttached: (attachment: DraftAttachment) => void): { uploads: readonly Upload[]; attach(files: Iterable<File>): void } {
  const { composer } = useMessages();
  const toaster = useToaster();
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const nextId = useRef(0);
  const [stop] = useState(() => new AbortController());
  useEffect(() => () => stop.abort(), [stop]);
  const maxBytes = account.session.capabilities[CORE_CAPABILITY]?.maxSizeUpload ?? Infinity;

  const attachOne = async (file: File): Promise<void> => {
    if (file.size > maxBytes) return toaster.showProblem(composer.tooLarge(file.name));
    const id = nextId.current++;
    setUploads((before) => [...before, { id, name: file.name }]);
    try {
      const { blobId, size } = await account.blobs.upload(file, stop.signal);
      onAttached({ blobId, size, name: file.name, type: file.type || 'application/octet-stream' });
      announce(composer.attached(file.name));
    } catch (error) {
      if (stop.signal.aborted) return;
      toaster.showProblem(error instanceof JmapError && error.code === 'tooLarge' ? composer.tooLarge(file.name) : composer.uploadFailed(file.name));
    } finally {
      setUploads((before) => before.filter((upload) => upload.id !== id));
    }
  };
  return { uploads, attach: (files) => { for (const file of files) void attachOne(file); } };
}
