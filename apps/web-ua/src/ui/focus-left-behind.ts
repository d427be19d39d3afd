import { useLayoutEffect, useRef, type RefObject } from 'react';

/**
 * For a control that goes away with its reason: when it had the focus, its nearest container with `tabIndex={-1}` takes it, so
 * that whoever works by keyboard is not sent to the top of the page.
 */
export function useFocusLeftBehind<Control extends HTMLElement>(): RefObject<Control | null> {
  const ref = useRef<Control>(null);
  useLayoutEffect(() => {
    const control = ref.current;
    return () => { if (control !== null && control === document.activeElement) control.closest<HTMLElement>('[tabindex="-1"]')?.focus(); };
  }, []);
  return ref;
}
