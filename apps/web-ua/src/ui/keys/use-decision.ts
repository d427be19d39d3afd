import { useRef, useState } from 'react';
import type { EmailAddress, KeyDecision, ReviewedKey } from '../../jmap/types.js';
import { shortName } from '../../mail/address-list.js';
import { useMessages } from '../../messages/language.js';
import { useAccount } from '../account-context.js';
import { useToaster } from '../toasts.js';

export interface Decision {
  decide(decision: KeyDecision, key: ReviewedKey): void;
  /** Why nothing was decided. */
  notice: string | null;
}

/**
 * Tells what was decided and goes on with `onDecided`; when the keys have changed meanwhile it says so, for the user to look
 * again. Controls stay enabled while it is under way, so that they keep the focus; a second press does nothing.
 */
export function useDecision(correspondent: EmailAddress, onDecided: () => void): Decision {
  const { keys } = useAccount();
  const { keyReview } = useMessages();
  const toaster = useToaster();
  const isUnderWay = useRef(false);
  const [notice, setNotice] = useState<string | null>(null);

  const start = async (decision: KeyDecision, key: ReviewedKey): Promise<void> => {
    if (isUnderWay.current) return;
    isUnderWay.current = true;
    const isDecided = await keys.decide(correspondent.email, decision, key).catch(() => null);
    isUnderWay.current = false;
    if (!isDecided) return setNotice(isDecided === null ? keyReview.notDecided : keyReview.changedMeanwhile);
    toaster.show(keyReview.decided[decision](shortName(correspondent)));
    onDecided();
  };
  return { decide: (decision, key) => void start(decision, key), notice };
}
