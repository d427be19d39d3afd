import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useMessages } from '../messages/language.js';

/** The only question this program asks before an act: this one cannot be undone. */
export function ConfirmDestroy({ isOpen, onConfirm, onCancel }: { isOpen: boolean; onConfirm(): void; onCancel(): void }) {
  const { confirmDestroy } = useMessages();
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={onCancel} isDismissable>
      <Modal className="modal narrow">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">{confirmDestroy.title}</Heading>
          <p>{confirmDestroy.lead}</p>
          <div className="dialog-actions">
            <Button className="button" autoFocus onPress={onCancel}>{confirmDestroy.cancel}</Button>
            <Button className="button danger" onPress={onConfirm}>{confirmDestroy.confirm}</Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
