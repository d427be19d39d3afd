// The five states of a message, each with a shape of its own, so that colour is never the only difference.

import type { ReactNode } from 'react';
import type { SecurityStatus } from '../jmap/types.js';

const SHIELD = 'M12 2.8l7.5 2.7v5.7c0 4.8-3.2 8.2-7.5 10-4.3-1.8-7.5-5.2-7.5-10V5.5z';

const SHAPES: Record<SecurityStatus, ReactNode> = {
  privateVerified: <><path d={SHIELD} fill="currentColor" stroke="none" /><path d="M8.3 12.2l2.6 2.6 4.8-5" className="glyph-cut" /></>,
  private: <><rect x="5" y="10.5" width="14" height="10" rx="2.5" fill="currentColor" stroke="none" /><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5" /></>,
  signed: <><path d="M4 19.5h16" /><path d="M5 15.5c3-6 5-9.5 7-9.5 2.5 0-.5 8 1.5 8s2-2.5 3.5-2.5 1 1.5 2.5 1.5" /></>,
  notProtected: <><path d="M4 7.5h16v10.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18z" /><path d="M4 8l8-4.5L20 8" /><path d="M4.5 8.5L12 13.5l7.5-5" /></>,
  problem: <><path d="M8.2 2.8h7.6l5.4 5.4v7.6l-5.4 5.4H8.2l-5.4-5.4V8.2z" fill="currentColor" stroke="none" /><path d="M12 7.2v6M12 16.6h.01" className="glyph-cut" /></>,
};

export function SecurityGlyph({ status, size = 18 }: { status: SecurityStatus; size?: number }) {
  return (
    <svg className={`security-glyph ${status}`} viewBox="0 0 24 24" width={size} height={size} fill="none" stroke="currentColor" strokeWidth="2"
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">{SHAPES[status]}</svg>
  );
}
