// Single-key shortcuts. They rest while the user types or a dialog is open (WCAG 2.1.4).

import { useEffect, useRef } from 'react';

/** By key as `KeyboardEvent.key` spells it. */
export type Shortcuts = Readonly<Record<string, () => void>>;

const TYPING_PLACES = 'input, textarea, select, [contenteditable], [role="dialog"], [role="alertdialog"], [role="menu"]';

/** Returns a function that runs a shortcut which was pressed elsewhere, as inside the mail frame. */
export function useShortcuts(shortcuts: Shortcuts): (key: string) => void {
  const current = useRef(shortcuts);
  useEffect(() => { current.current = shortcuts; });
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const action = current.current[event.key];
      if (!action || isForSomethingElse(event) || isModalOpen()) return;
      event.preventDefault();
      action();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (key) => { if (Object.hasOwn(current.current, key)) current.current[key]?.(); };
}

/** Enter belongs to the button or link that has the focus. */
function isForSomethingElse({ key, target }: KeyboardEvent): boolean {
  if (key === 'Enter' && target !== document.body) return true;
  return target instanceof Element && target.closest(TYPING_PLACES) !== null;
}

const isModalOpen = (): boolean => document.querySelector('[aria-modal="true"], .modal-overlay') !== null;
