// The one place where the user decides about a correspondent's keys; opened from the composer, from a message and from the
// delivery of one. One dialog for the whole screen: it stays while what opened it is drawn anew.

import { createContext, useCallback, useContext, useRef, useState, type ReactNode } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { EmailAddress } from '../../jmap/types.js';
import { KeyDecisionForm } from './key-decision-form.js';

type ReviewKeys = (correspondent: EmailAddress) => void;

const KeyReviewContext = createContext<ReviewKeys>(() => {});

/** Opens the dialog for a correspondent. */
export const useKeyReview = (): ReviewKeys => useContext(KeyReviewContext);

export function KeyReviewProvider({ children }: { children: ReactNode }) {
  const [correspondent, setCorrespondent] = useState<EmailAddress | null>(null);
  const origin = useRef<HTMLElement | null>(null);
  const open = useCallback<ReviewKeys>((chosen) => {
    origin.current = document.activeElement?.closest<HTMLElement>('[tabindex="-1"]') ?? null;
    setCorrespondent(chosen);
  }, []);
  const close = useCallback(() => {
    setCorrespondent(null);
    // Within a frame the overlay gives the focus back; what opened it may be gone by then, with its reason.
    requestAnimationFrame(() => requestAnimationFrame(() => { if (document.activeElement === document.body) origin.current?.focus(); }));
  }, []);
  return (
    <KeyReviewContext value={open}>
      {children}
      <ModalOverlay className="modal-overlay" isOpen={correspondent !== null} onOpenChange={close} isDismissable>
        <Modal className="modal wide">
          <Dialog className="dialog key-review">{correspondent && <KeyDecisionForm correspondent={correspondent} onClose={close} />}</Dialog>
        </Modal>
      </ModalOverlay>
    </KeyReviewContext>
  );
}
