// The composer, docked at the foot of the screen: the mail it answers stays readable beside it.

import { useEffect, useRef, useState, type DragEvent, type KeyboardEvent, type RefObject } from 'react';
import { Button, FileTrigger } from 'react-aria-components';
import { JmapError } from '../../jmap/jmap-error.js';
import type { MailAccount } from '../../jmap/mail-account.js';
import { isEmptyDraft, recipientsOfDraft, type DraftAttachment } from '../../mail/draft.js';
import { canSend, sendReadiness } from '../../mail/send-readiness.js';
import { useMessages } from '../../messages/language.js';
import { IconButton } from '../icon-button.js';
import { AttachmentIcon, CloseIcon, SentIcon, TrashIcon } from '../icons.js';
import { useToaster } from '../toasts.js';
import { AttachmentChips } from './attachment-chips.js';
import { ComposerFields } from './composer-fields.js';
import { SendSummary } from './send-summary.js';
import type { ComposerStart } from './use-composing.js';
import { useDraft } from './use-draft.js';
import { useRecipientStates } from './use-recipient-states.js';
import { useUploads } from './use-uploads.js';

export interface ComposerProps {
  account: MailAccount;
  start: ComposerStart;
  onClose(): void;
}

export function Composer({ account, start, onClose }: ComposerProps) {
  const { composer: texts } = useMessages();
  const toaster = useToaster();
  const edited = useDraft(account, start);
  const { draft, change } = edited;
  const { uploads, attach } = useUploads(account, (attachment) => change((before) => ({ attachments: [...before.attachments, attachment] })));
  const states = useRecipientStates(recipientsOfDraft(draft).map(({ email }) => email));
  const readiness = sendReadiness(recipientsOfDraft(draft), states.stateOf);
  const [isSending, setSending] = useState(false);
  const [isDropTarget, setDropTarget] = useState(false);
  const body = useRef<HTMLTextAreaElement>(null);
  const to = useRef<HTMLInputElement>(null);
  useFirstFocus(start, to, body);

  const isReady = canSend(readiness) && uploads.length === 0 && !isSending;
  const send = async (): Promise<void> => {
    if (!isReady) return;
    setSending(true);
    try {
      await edited.send();
      toaster.show(texts.sent);
      onClose();
    } catch (error) {
      toaster.showProblem((error instanceof JmapError && texts.errors[error.detail]) || texts.failed);
      setSending(false);
    }
  };
  const close = (): void => {
    if (!isEmptyDraft(draft)) edited.save().then(() => toaster.show(texts.draftSaved), () => toaster.showProblem(texts.status.failed));
    onClose();
  };
  const discard = (): void => {
    edited.discard().catch(() => toaster.showProblem(texts.status.failed));
    toaster.show(texts.discarded);
    onClose();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); void send(); }
    if (event.key === 'Escape' && !event.defaultPrevented) { event.preventDefault(); close(); }
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    setDropTarget(false);
    attach(event.dataTransfer.files);
  };
  const removeAttachment = (removed: DraftAttachment): void => change((before) => ({ attachments: before.attachments.filter((kept) => kept !== removed) }));

  return (
    <div className={`composer ${isDropTarget ? 'drop-target' : ''}`} role="dialog" aria-label={texts.titles[start.kind]} onKeyDown={onKeyDown}
      onDragOver={(event) => { event.preventDefault(); setDropTarget(true); }} onDragLeave={() => setDropTarget(false)} onDrop={onDrop}>
      <div className="composer-head">
        <h2>{texts.titles[start.kind]}</h2>
        <span className={`save-status ${edited.status}`} role="status">{texts.status[edited.status]}</span>
        <IconButton className="small" label={texts.close} shortcut="Esc" onPress={close}><CloseIcon size={18} /></IconButton>
      </div>
      <ComposerFields draft={draft} stateOf={states.stateOf} toRef={to} onChange={(patch) => change(() => patch)} />
      <textarea ref={body} className="composer-body" aria-label={texts.body} value={draft.body} onChange={({ target }) => change(() => ({ body: target.value }))} />
      <AttachmentChips attachments={draft.attachments} uploads={uploads} onRemove={removeAttachment} />
      <div className="composer-foot">
        <Button className={`button ${readiness.kind === 'noKey' ? 'caution' : 'primary'} send-button`} isDisabled={!isReady} onPress={() => void send()}>
          <SentIcon size={18} />{isSending ? texts.sending : readiness.kind === 'noKey' ? texts.sendUnprotected : texts.send}
        </Button>
        <SendSummary readiness={readiness} onRetry={states.retry} />
        <FileTrigger allowsMultiple onSelect={(files) => attach(files ?? [])}><IconButton label={texts.attach}><AttachmentIcon /></IconButton></FileTrigger>
        <IconButton label={texts.discard} onPress={discard}><TrashIcon /></IconButton>
      </div>
      {isDropTarget && <p className="drop-hint">{texts.dropHere}</p>}
    </div>
  );
}

/** An answer begins above the quote; anything else with the recipient. Afterwards the focus goes back to where it was. */
function useFirstFocus(start: ComposerStart, to: RefObject<HTMLInputElement | null>, body: RefObject<HTMLTextAreaElement | null>): void {
  useEffect(() => {
    const opener = document.activeElement;
    if (start.draft.to.length === 0) to.current?.focus();
    else {
      body.current?.focus();
      body.current?.setSelectionRange(0, 0);
      body.current?.scrollTo(0, 0);
    }
    return () => { if (opener instanceof HTMLElement && opener.isConnected) opener.focus(); };
  }, []);
}
