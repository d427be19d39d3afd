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
import { useDraft, type EditedDraft } from './use-draft.js';
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
  const drop = useDropTarget(attach);
  const body = useRef<HTMLTextAreaElement>(null);
  const to = useRef<HTMLInputElement>(null);
  useFirstFocus(start, to, body);

  const sending = useSending(edited, onClose);
  const isReady = canSend(readiness) && uploads.length === 0 && !sending.isUnderWay;
  const send = (): void => {
    if (isReady) void sending.start();
    else if (uploads.length > 0) toaster.show(texts.stillUploading);
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
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
    if (event.key === 'Escape' && !event.defaultPrevented) { event.preventDefault(); close(); }
  };
  const removeAttachment = (removed: DraftAttachment): void => change((before) => ({ attachments: before.attachments.filter((kept) => kept !== removed) }));

  return (
    <div className={`composer ${drop.isTarget ? 'drop-target' : ''}`} role="dialog" tabIndex={-1} aria-label={texts.titles[start.kind]} onKeyDown={onKeyDown} {...drop.handlers}>
      <div className="composer-head">
        <h2>{texts.titles[start.kind]}</h2>
        <span className={`save-status ${edited.status}`} role="status">{texts.status[edited.status]}</span>
        <IconButton className="small" label={texts.close} shortcut="Esc" onPress={close}><CloseIcon size={18} /></IconButton>
      </div>
      <ComposerFields draft={draft} stateOf={states.stateOf} toRef={to} onChange={(patch) => change(() => patch)} />
      <textarea ref={body} className="composer-body" aria-label={texts.body} value={draft.body} onChange={({ target }) => change(() => ({ body: target.value }))} />
      <AttachmentChips attachments={draft.attachments} uploads={uploads} onRemove={removeAttachment} />
      <div className="composer-foot">
        <Button className={`button ${readiness.kind === 'noKey' ? 'caution' : 'primary'} send-button`} isDisabled={!isReady} onPress={send}>
          <SentIcon size={18} />{sending.isUnderWay ? texts.sending : readiness.kind === 'noKey' ? texts.sendUnprotected : texts.send}
        </Button>
        <SendSummary readiness={readiness} recipients={recipientsOfDraft(draft)} onRetry={states.retry} />
        <FileTrigger allowsMultiple onSelect={(files) => attach(files ?? [])}><IconButton label={texts.attach}><AttachmentIcon /></IconButton></FileTrigger>
        <IconButton label={texts.discard} onPress={discard}><TrashIcon /></IconButton>
      </div>
      {drop.isTarget && <p className="drop-hint">{texts.dropHere}</p>}
    </div>
  );
}

/** A failure is told and leaves the composer as it was; the draft is filed in any case. */
function useSending(edited: EditedDraft, onSent: () => void): { isUnderWay: boolean; start(): Promise<void> } {
  const { composer: texts } = useMessages();
  const toaster = useToaster();
  const [isUnderWay, setUnderWay] = useState(false);
  const start = async (): Promise<void> => {
    setUnderWay(true);
    try {
      await edited.send();
      toaster.show(texts.sent);
      onSent();
    } catch (error) {
      toaster.showProblem((error instanceof JmapError && texts.errors[error.detail]) || texts.failed);
      setUnderWay(false);
    }
  };
  return { isUnderWay, start };
}

function useDropTarget(onFiles: (files: Iterable<File>) => void) {
  const [isTarget, setTarget] = useState(false);
  const handlers = {
    onDragOver: (event: DragEvent): void => { event.preventDefault(); setTarget(true); },
    onDragLeave: (): void => setTarget(false),
    onDrop: (event: DragEvent): void => {
      event.preventDefault();
      setTarget(false);
      onFiles(event.dataTransfer.files);
    },
  };
  return { isTarget, handlers };
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
