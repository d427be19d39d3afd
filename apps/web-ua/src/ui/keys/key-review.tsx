// The one place where the user decides about a correspondent's keys; opened from the composer, from a message and from the
// delivery of one. One dialog for the whole screen: it stays while what opened it is drawn anew.

import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Dialog, Modal, ModalOverlay } from 'react-aria-components';
import type { EmailAddress } from '../../jmap/types.js';
import { KeyDecisionForm } from './key-decision-form.js';

type ReviewKeys = (correspondent: EmailAddress) => void;

const KeyReviewContext = createContext<ReviewKeys>(() => {});

/** Opens the dialog for a correspondent. */
export const useKeyReview = (): ReviewKeys => useContext(KeyReviewContext);

export function KeyReviewProvider({ children }: { children: ReactNode }) {
  const [correspondent, setCorrespondent] = useState<EmailAddress | null>(null);
  const [isOpen, setOpen] = useState(false);
  const origin = useRef<HTMLElement | null>(null);
  const review = useCallback<ReviewKeys>((chosen) => {
    origin.current = document.activeElement?.closest<HTMLElement>('[tabindex="-1"]') ?? null;
    setCorrespondent(chosen);
    setOpen(true);
  }, []);
  const close = useCallback(() => setOpen(false), []);
  return (
    <KeyReviewContext value={review}>
      {children}
      <ModalOverlay className="modal-overlay" isOpen={isOpen} onOpenChange={close} isDismissable>
        <Modal className="modal wide">
          <Dialog className="dialog key-review">
            {correspondent && <KeyDecisionForm correspondent={correspondent} onClose={close} />}
            <FocusReturn to={origin} />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </KeyReviewContext>
  );
}

/** The overlay gives the focus back to what opened it, in the frame after it is gone; when that is gone too, the place it was in takes it. */
function FocusReturn({ to }: { to: RefObject<HTMLElement | null> }) {
  useEffect(() => () => { requestAnimationFrame(() => { if (document.activeElement === document.body) to.current?.focus(); }); }, [to]);
  return null;
}
