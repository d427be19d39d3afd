// Where the cursor is in the list, which conversation is open beside it, and how the two move together.

import { useRef, useState, type RefObject } from 'react';
import type { EmailId, ThreadId } from '../jmap/types.js';
import { useCache } from './account-context.js';
import { goTo, type Route } from './route.js';
import type { Place } from './use-place.js';

export interface ListNavigation {
  cursor: ThreadId | null;
  listRef: RefObject<HTMLDivElement | null>;
  headingRef: RefObject<HTMLHeadingElement | null>;
  /** By keyboard the focus goes along, to the heading of the conversation. */
  open(threadId: ThreadId, options: { isByKeyboard: boolean }): void;
  /** Back to the list. */
  close(): void;
  /** The cursor goes one on; an open conversation gives way to the one under the cursor. */
  step(by: 1 | -1): void;
  moveCursor(threadId: ThreadId): void;
  /** A conversation is about to go: the next one takes its place. */
  leave(threadId: ThreadId): void;
}

/** List and conversation beside each other; the same width as in layout.css. */
const isWide = (): boolean => matchMedia('(min-width: 900px)').matches;

/** The focus moves once the screen has been drawn. */
const focusSoon = (element: RefObject<HTMLElement | null>): void => { requestAnimationFrame(() => element.current?.focus()); };

export function useListNavigation(route: Route, place: Place): ListNavigation {
  const cache = useCache();
  const [cursor, setCursor] = useState<ThreadId | null>(route.threadId);
  const listRef = useRef<HTMLDivElement>(null);
  const headingRef = useRef<HTMLHeadingElement>(null);

  const threadOf = (id: EmailId | null): ThreadId | null => (id ? cache.get('Email', id)?.threadId ?? null : null);
  const neighbour = (threadId: ThreadId | null, by: 1 | -1): ThreadId | null => {
    const threads = place.list.getSnapshot().places.map(threadOf);
    return threads[threadId === null ? 0 : threads.indexOf(threadId) + by] ?? null;
  };
  const replaceOpen = (threadId: ThreadId): void => goTo({ place: route.place, threadId }, { replace: true });

  const open: ListNavigation['open'] = (threadId, { isByKeyboard }) => {
    setCursor(threadId);
    goTo({ place: route.place, threadId }, { replace: route.threadId !== null });
    if (isByKeyboard) focusSoon(headingRef);
  };
  const close = (): void => {
    if (route.threadId !== null) goTo({ place: route.place, threadId: null });
    focusSoon(listRef);
  };
  return {
    cursor, listRef, headingRef, open, close,
    step: (by) => {
      const next = neighbour(cursor, by);
      if (next === null) return;
      setCursor(next);
      if (route.threadId !== null) open(next, { isByKeyboard: document.activeElement === headingRef.current });
    },
    moveCursor: (threadId) => {
      setCursor(threadId);
      if (route.threadId !== null && isWide()) replaceOpen(threadId);
    },
    leave: (threadId) => {
      const next = neighbour(threadId, 1) ?? neighbour(threadId, -1);
      setCursor(next);
      if (route.threadId !== threadId) return;
      if (next && isWide()) replaceOpen(next);
      else close();
    },
  };
}
