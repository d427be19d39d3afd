// Where the user is: a mailbox or a search, and perhaps an open conversation. Kept in the fragment of the URL, which no
// server and no log ever sees: it may hold words that were searched for.

import { useSyncExternalStore } from 'react';
import type { MailboxId, ThreadId } from '../jmap/types.js';

export interface Route {
  place: { mailboxId: MailboxId } | { search: string };
  threadId: ThreadId | null;
}

/** The inbox; role mailboxes have their role as id. */
const START: Route = { place: { mailboxId: 'inbox' as MailboxId }, threadId: null };

export function parseRoute(hash: string): Route {
  const [kind, name, , thread] = hash.replace(/^#\//, '').split('/').map(decode);
  const threadId = thread ? thread as ThreadId : null;
  if (kind === 'search' && name) return { place: { search: name }, threadId };
  if (kind === 'mailbox' && name) return { place: { mailboxId: name as MailboxId }, threadId };
  return START;
}

/** `#/mailbox/inbox/conversation/T1`, `#/search/from%3Aana` */
export function formatRoute({ place, threadId }: Route): string {
  const path = 'search' in place ? ['search', place.search] : ['mailbox', place.mailboxId];
  const conversation = threadId === null ? [] : ['conversation', threadId];
  return `#/${[...path, ...conversation].map(encodeURIComponent).join('/')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}

const subscribe = (listener: () => void): (() => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return parseRoute(hash);
}

/** `replace`: the step before is not one that Back should return to, as when moving from conversation to conversation. */
export function goTo(route: Route, { replace = false } = {}): void {
  const hash = formatRoute(route);
  if (!replace) location.hash = hash;
  else {
    history.replaceState(null, '', hash);
    dispatchEvent(new HashChangeEvent('hashchange'));
  }
}
