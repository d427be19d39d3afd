// The message in the composer and its filed version.

import { useEffect, useRef, useState } from 'react';
import type { MailAccount } from '../../jmap/mail-account.js';
import type { Identity, MailboxId } from '../../jmap/types.js';
import { isEmptyDraft, type Draft } from '../../mail/draft.js';
import { DraftSaver, type SaveStatus } from '../../mail/draft-saver.js';
import { sendDraft } from '../../mail/send-draft.js';
import type { ComposerStart } from './use-composing.js';

/** Role mailboxes have their role as id (docs/protocol/jmap.md). */
const DRAFTS = 'drafts' as MailboxId;
const SENT = 'sent' as MailboxId;

export interface EditedDraft {
  draft: Draft;
  identity: Identity;
  status: SaveStatus;
  change(update: (draft: Draft) => Partial<Draft>): void;
  /** Files what is written so far, unless there is nothing. */
  save(): Promise<void>;
  discard(): Promise<void>;
  /** @throws {JmapError} the draft stays filed */
  send(): Promise<void>;
}

export function useDraft(account: MailAccount, start: ComposerStart): EditedDraft {
  const [draft, setDraft] = useState(start.draft);
  const [status, setStatus] = useState<SaveStatus>('saved');
  const [saver] = useState(() => new DraftSaver(account, start.emailId, setStatus));
  const isChanged = useRef(false);
  const identity = identityOf(account, draft);

  useEffect(() => {
    if (isChanged.current && !isEmptyDraft(draft)) saver.schedule(draft, identity, DRAFTS);
  }, [draft, identity, saver]);
  useEffect(() => () => saver.leave(), [saver]);

  return {
    draft, identity, status,
    change: (update) => {
      isChanged.current = true;
      setDraft((before) => ({ ...before, ...update(before) }));
    },
    save: async () => { if (isChanged.current && !isEmptyDraft(draft)) await saver.save(draft, identity, DRAFTS); },
    discard: () => saver.discard(),
    send: async () => {
      const emailId = await saver.save(draft, identity, DRAFTS);
      await sendDraft(account, draft, emailId, DRAFTS, SENT);
      saver.finish();
    },
  };
}

function identityOf(account: MailAccount, draft: Draft): Identity {
  const identity = account.cache.get('Identity', draft.identityId) ?? account.cache.all('Identity')[0];
  if (!identity) throw new Error('the composer opened without an identity');
  return identity;
}
