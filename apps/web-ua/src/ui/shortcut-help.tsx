import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { useMessages } from '../messages/language.js';

export function ShortcutHelp({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const { shortcuts } = useMessages();
  return (
    <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={onClose} isDismissable>
      <Modal className="modal">
        <Dialog className="dialog">
          <Heading slot="title">{shortcuts.title}</Heading>
          <dl className="shortcut-table">
            {shortcuts.rows.map(([keys, text]) => (
              <div key={text}><dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt><dd>{text}</dd></div>
            ))}
          </dl>
          <div className="dialog-actions"><Button autoFocus className="button" onPress={onClose}>{shortcuts.close}</Button></div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
