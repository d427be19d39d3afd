// Short notes at the foot of the screen, with Undo where there is something to undo. They stay while pointed at or focused,
// and Undo also lives on a key, so nothing is lost with them.

import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { Button } from 'react-aria-components';
import { useMessages } from '../messages/language.js';
import { CloseIcon } from './icons.js';
import { announce } from './live-region.js';

const TOAST_MS = 8000;

interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'problem';
  undo: (() => void) | null;
}

export interface Toaster {
  show(text: string, undo?: () => void): void;
  showProblem(text: string): void;
  /** Undoes the latest act that can be undone. */
  undoLast(): void;
}

const ToasterContext = createContext<Toaster | null>(null);

export function useToaster(): Toaster {
  const toaster = useContext(ToasterContext);
  if (!toaster) throw new Error('no toaster above this component');
  return toaster;
}

export function ToastProvider({ children }: { children: ReactNode }) {
  const [toast, setToast] = useState<Toast | null>(null);
  const nextId = useRef(0);
  const lastUndo = useRef<(() => void) | null>(null);
  const { toast: texts } = useMessages();

  const undoLast = useCallback(() => {
    if (!lastUndo.current) return;
    lastUndo.current();
    lastUndo.current = null;
    setToast(null);
    announce(texts.undone);
  }, [texts]);

  const toaster = useMemo<Toaster>(() => {
    const put = (text: string, tone: Toast['tone'], undo: (() => void) | null): void => {
      if (undo) lastUndo.current = undo;
      setToast({ id: nextId.current++, text, tone, undo });
      announce(text, tone === 'problem' ? 'assertive' : 'polite');
    };
    return { show: (text, undo) => put(text, 'plain', undo ?? null), showProblem: (text) => put(text, 'problem', null), undoLast };
  }, [undoLast]);

  return (
    <ToasterContext value={toaster}>
      {children}
      {toast && <ToastNote key={toast.id} toast={toast} onUndo={undoLast} onClose={() => setToast(null)} />}
    </ToasterContext>
  );
}

function ToastNote({ toast, onUndo, onClose }: { toast: Toast; onUndo(): void; onClose(): void }) {
  const { toast: texts } = useMessages();
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(onClose, TOAST_MS);
    return () => clearTimeout(timer);
  }, [isHeld, onClose]);
  return (
    // Above dialogs too: what was done in one is told there.
    <div className={`toast ${toast.tone}`} data-react-aria-top-layer="true" role="region" aria-label={toast.text} onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)} onBlur={() => setHeld(false)}>
      <span>{toast.text}</span>
      {toast.undo && <Button className="toast-undo" onPress={onUndo}>{texts.undo}</Button>}
      <Button className="icon-button small" aria-label={texts.dismiss} onPress={onClose}><CloseIcon size={16} /></Button>
    </div>
  );
}
