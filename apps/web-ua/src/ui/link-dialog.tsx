// Asks before a link out of a mail is opened, and shows where it really goes.

import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { describeLink, type LinkTarget } from '../mail/link-target.js';
import { useMessages } from '../messages/language.js';

export interface AskedLink {
  url: string;
  /** What the mail shows in place of the address. */
  text: string;
}

export interface LinkDialogProps {
  link: AskedLink | null;
  onClose(): void;
  onMailto(url: string): void;
}

export function LinkDialog({ link, onClose, onMailto }: LinkDialogProps) {
  const target = link && describeLink(link.url, link.text);
  return (
    <ModalOverlay className="modal-overlay" isOpen={link !== null} onOpenChange={onClose} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog link-dialog">
          {target?.kind === 'web' ? <WebLink target={target} onClose={onClose} />
            : target?.kind === 'mail' ? <MailLink target={target} onClose={onClose} onMailto={onMailto} /> : <RefusedLink onClose={onClose} />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

function WebLink({ target, onClose }: { target: Extract<LinkTarget, { kind: 'web' }>; onClose(): void }) {
  const { link: texts } = useMessages();
  const open = (): void => { window.open(target.url, '_blank', 'noopener,noreferrer'); onClose(); };
  return (
    <>
      <Heading slot="title">{texts.title}</Heading>
      {target.mismatch && <p className="notice problem" role="alert">{texts.mismatch(target.mismatch)}</p>}
      <p className="muted">{texts.goesTo}</p>
      <p className="link-host">{target.host}</p>
      {!target.isSecure && <p className="notice">{texts.insecure}</p>}
      <p className="muted">{texts.fullAddress}</p>
      <p className="link-url" tabIndex={0}>{target.url}</p>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose} autoFocus>{texts.cancel}</Button>
        <Button className="button primary" onPress={open}>{texts.open}</Button>
      </div>
    </>
  );
}

function MailLink({ target, onClose, onMailto }: { target: Extract<LinkTarget, { kind: 'mail' }>; onClose(): void; onMailto(url: string): void }) {
  const { link: texts, navigation } = useMessages();
  return (
    <>
      <Heading slot="title">{navigation.compose}</Heading>
      <p className="link-host">{target.address}</p>
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>{texts.cancel}</Button>
        <Button className="button primary" autoFocus onPress={() => { onClose(); onMailto(target.url); }}>{navigation.compose}</Button>
      </div>
    </>
  );
}

function RefusedLink({ onClose }: { onClose(): void }) {
  const { link: texts } = useMessages();
  return (
    <>
      <Heading slot="title">{texts.refused}</Heading>
      <div className="dialog-actions"><Button className="button" autoFocus onPress={onClose}>{texts.cancel}</Button></div>
    </>
  );
}
