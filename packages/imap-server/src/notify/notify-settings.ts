// What a client wants to hear of without asking, RFC 5465: of which mailboxes which events.

import type { Mailbox } from '@paloma/mail-store/port';
import type { FetchItem } from '../wire/fetch-item.js';
import { DELIMITER } from '../wire/mailbox-name.js';

/** Events that can be told here. Messages have no annotations. */
export const NOTIFY_EVENTS = ['MessageNew', 'MessageExpunge', 'FlagChange', 'MailboxName', 'SubscriptionChange', 'MailboxMetadataChange', 'ServerMetadataChange'] as const;
export type NotifyEvent = (typeof NOTIFY_EVENTS)[number];
export const MESSAGE_EVENTS: ReadonlySet<string> = new Set<NotifyEvent>(['MessageNew', 'MessageExpunge', 'FlagChange']);

export type MailboxFilter =
  | { kind: 'selected' | 'selected-delayed' | 'inboxes' | 'personal' | 'subscribed' }
  | { kind: 'subtree' | 'mailboxes'; names: readonly string[] };

export interface EventGroup {
  filter: MailboxFilter;
  /** Empty: NONE. */
  events: ReadonlySet<NotifyEvent>;
  /** What is told of a new message of the selected mailbox at once. */
  fetchItems: readonly FetchItem[];
}

/** Empty: NOTIFY NONE. */
export type NotifySettings = readonly EventGroup[];

/** What is told of the selected mailbox; null: nothing. Of another group nothing is told for it (RFC 5465 §6). */
export function selectedGroup(settings: NotifySettings): EventGroup | null {
  const group = settings.find(({ filter }) => isSelectedFilter(filter));
  return group && group.events.size > 0 ? group : null;
}

export function isSelectedFilter({ kind }: MailboxFilter): boolean {
  return kind === 'selected' || kind === 'selected-delayed';
}

/** Groups are asked in their order; one that matches with NONE ends the search (RFC 5465 §4). */
export function wants(settings: NotifySettings, mailbox: Pick<Mailbox, 'name' | 'role' | 'isSubscribed'>, event: NotifyEvent): boolean {
  for (const { filter, events } of settings) {
    if (!matches(filter, mailbox)) continue;
    if (events.has(event)) return true;
    if (events.size === 0) return false;
  }
  return false;
}

/** Of no mailbox: any group may ask for it (RFC 5465 §5.7). */
export function wantsServerMetadata(settings: NotifySettings): boolean {
  return settings.some(({ events }) => events.has('ServerMetadataChange'));
}

function matches(filter: MailboxFilter, { name, role, isSubscribed }: Pick<Mailbox, 'name' | 'role' | 'isSubscribed'>): boolean {
  switch (filter.kind) {
    case 'selected': case 'selected-delayed': return false;
    case 'personal': return true;
    case 'inboxes': return role === 'inbox';
    case 'subscribed': return isSubscribed;
    case 'subtree': return filter.names.some((top) => name === top || name.startsWith(top + DELIMITER));
    case 'mailboxes': return filter.names.includes(name);
  }
}
