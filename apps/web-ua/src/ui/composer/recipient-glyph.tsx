// The states of a recipient's key; each has a shape of its own.

import type { ReactNode } from 'react';
import type { ShownRecipientState } from './use-recipient-states.js';

const SHAPES: Record<ShownRecipientState, ReactNode> = {
  lookingUp: <path d="M12 4a8 8 0 1 1-8 8" className="spinning" />,
  verified: <><path d="M12 2.8l7.5 2.7v5.7c0 4.8-3.2 8.2-7.5 10-4.3-1.8-7.5-5.2-7.5-10V5.5z" fill="currentColor" stroke="none" /><path d="M8.3 12.2l2.6 2.6 4.8-5" className="glyph-cut" /></>,
  found: <><rect x="5" y="10.5" width="14" height="10" rx="2.5" fill="currentColor" stroke="none" /><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" /></>,
  keyChanged: <><path d="M12 3.5l9.5 16.5h-19z" fill="currentColor" stroke="none" /><path d="M12 9.5v5M12 17.2h.01" className="glyph-cut" /></>,
  noKey: <><rect x="5" y="10.5" width="14" height="10" rx="2.5" /><path d="M8 10.5V7a4 4 0 0 1 7.5-2" /></>,
  lookupFailed: <><circle cx="12" cy="12" r="9" /><path d="M9.5 9.3a2.6 2.6 0 1 1 3.6 2.5c-.8.4-1.1.9-1.1 1.7M12 16.8h.01" /></>,
  invalid: <><circle cx="12" cy="12" r="9" /><path d="M6 18L18 6" /></>,
};

export function RecipientGlyph({ state }: { state: ShownRecipientState }) {
  return (
    <svg className={`recipient-glyph ${state}`} viewBox="0 0 24 24" width={14} height={14} fill="none" stroke="currentColor" strokeWidth="2.2"
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">{SHAPES[state]}</svg>
  );
}
