import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';

export interface ConfirmProps {
  texts: { lead: string; yes: string; no: string };
  title: string;
  onYes(): void;
  onNo(): void;
}

/** A question before something that takes access away. The harmless answer has the focus. */
export function Confirm({ texts, title, onYes, onNo }: ConfirmProps) {
  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={onNo} isDismissable>
      <Modal className="modal narrow">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">{title}</Heading>
          <p>{texts.lead}</p>
          <div className="dialog-actions">
            <Button className="button" autoFocus onPress={onNo}>{texts.no}</Button>
            <Button className="button danger" onPress={onYes}>{texts.yes}</Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
