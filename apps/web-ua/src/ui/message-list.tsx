// The list of conversations: one tab stop, arrow keys move, only the rows in sight exist. A listbox with
// `aria-activedescendant`, so that focus is never on a row that scrolling takes away.

import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent, type RefObject } from 'react';
import type { EmailList } from '../jmap/email-list.js';
import type { EmailId, ThreadId } from '../jmap/types.js';
import { useCache } from './account-context.js';
import { MessageRow } from './message-row.js';

/** Height of a row in CSS pixels; the same in list.css. */
const ROW_HEIGHT_PX = 88;
const PAGE_ROWS = 8;

export interface MessageListProps {
  list: EmailList;
  label: string;
  /** Conversation under the cursor. */
  cursor: ThreadId | null;
  openThread: ThreadId | null;
  /** Whether rows name whom a message went to: Sent and Drafts. */
  isOutgoing: boolean;
  listRef: RefObject<HTMLDivElement | null>;
  onCursor(threadId: ThreadId): void;
  onOpen(threadId: ThreadId, options: { isByKeyboard: boolean }): void;
}

export function MessageList({ list, label, cursor, openThread, isOutgoing, listRef, onCursor, onOpen }: MessageListProps) {
  const cache = useCache();
  const { places } = useSyncExternalStore(list.subscribe, list.getSnapshot);
  const threadAt = (place: number): ThreadId | null => threadOf(places[place]);
  const threadOf = (id: EmailId | null | undefined): ThreadId | null => (id ? cache.get('Email', id)?.threadId ?? null : null);
  const cursorPlace = cursor === null ? -1 : places.findIndex((id) => threadOf(id) === cursor);

  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({ count: places.length, getScrollElement: () => scroller.current, estimateSize: () => ROW_HEIGHT_PX, overscan: 6 });
  const rows = virtualizer.getVirtualItems();
  const [start, end] = [rows[0]?.index ?? 0, rows.at(-1)?.index ?? 0];
  useEffect(() => list.ensureRange(start, end), [list, start, end, places]);
  useEffect(() => { if (cursorPlace >= 0) virtualizer.scrollToIndex(cursorPlace); }, [cursorPlace, virtualizer]);

  /** A place that the cursor is to go to as soon as it is fetched. */
  const [wanted, setWanted] = useState<number | null>(null);
  const wantedThread = wanted === null ? null : threadAt(wanted);
  useEffect(() => {
    if (wantedThread === null) return;
    setWanted(null);
    onCursor(wantedThread);
  }, [wantedThread, onCursor]);
  const moveTo = (place: number): void => {
    const target = Math.max(0, Math.min(places.length - 1, place));
    const threadId = threadAt(target);
    setWanted(threadId === null ? target : null);
    if (threadId === null) virtualizer.scrollToIndex(target);
    else onCursor(threadId);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const destination = { ArrowDown: cursorPlace + 1, ArrowUp: cursorPlace - 1, Home: 0, End: places.length - 1,
      PageDown: cursorPlace + PAGE_ROWS, PageUp: cursorPlace - PAGE_ROWS }[event.key];
    if (destination === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (destination !== undefined) moveTo(destination);
    else if (cursor) onOpen(cursor, { isByKeyboard: true });
  };

  return (
    <div ref={scroller} className="list-scroller">
      <div ref={listRef} role="listbox" tabIndex={0} aria-label={label} className="message-list" onKeyDown={onKeyDown}
        aria-activedescendant={rows.some(({ index }) => index === cursorPlace) ? rowId(cursorPlace) : undefined}
        onFocus={({ currentTarget }) => { if (cursorPlace < 0 && currentTarget.matches(':focus-visible')) moveTo(start); }} style={{ height: virtualizer.getTotalSize() }}>
        {rows.map(({ index, start: top }) => (
          <MessageRow key={threadAt(index) ?? `place-${index}`} id={rowId(index)} emailId={places[index] ?? null} top={top} place={index + 1} count={places.length}
            isCursor={index === cursorPlace} isOpen={openThread !== null && threadAt(index) === openThread} isOutgoing={isOutgoing}
            onOpen={(threadId) => { onCursor(threadId); onOpen(threadId, { isByKeyboard: false }); }} />
        ))}
      </div>
    </div>
  );
}

const rowId = (place: number): string => `row-${place}`;
