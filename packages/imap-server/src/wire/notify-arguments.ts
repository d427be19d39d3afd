// notify = "NOTIFY" SP ("SET" [SP "STATUS"] 1*(SP event-group) / "NONE")     RFC 5465 §8

import { isSelectedFilter, MESSAGE_EVENTS, NOTIFY_EVENTS, type EventGroup, type MailboxFilter, type NotifyEvent, type NotifySettings } from '../notify/notify-settings.js';
import type { CommandReader } from './command-reader.js';
import { peeking, readFetchItemList, type FetchItem } from './fetch-item.js';

export interface NotifyArguments {
  settings: NotifySettings;
  /** The state of the mailboxes is to be told first. */
  asksStatus: boolean;
  /** Some events are not known here. */
  hasUnknownEvents: boolean;
}

/** Each group is tried on every mailbox that changes. */
const MAX_GROUPS = 50;
const MAX_MAILBOXES = 500;

export function readNotifyArguments(reader: CommandReader): NotifyArguments {
  reader.space();
  if (reader.tryWord('NONE')) return { settings: [], asksStatus: false, hasUnknownEvents: false };
  if (!reader.tryWord('SET ')) reader.fail('SET or NONE');
  const asksStatus = reader.tryWord('STATUS ');
  const unknown = new Set<string>();
  const settings = reader.items(() => readEventGroup(reader, unknown), MAX_GROUPS);
  if (settings.filter(({ filter }) => isSelectedFilter(filter)).length > 1) reader.fail('one group for the selected mailbox'); // RFC 5465 §6.1
  return { settings, asksStatus, hasUnknownEvents: unknown.size > 0 };
}

// event-group = "(" filter-mailboxes SP events ")"
function readEventGroup(reader: CommandReader, unknown: Set<string>): EventGroup {
  reader.char('(');
  const filter = readFilter(reader);
  reader.space();
  const group = { filter, events: new Set<NotifyEvent>(), fetchItems: [] as readonly FetchItem[] };
  if (!reader.tryWord('NONE')) reader.list(() => readEvent(reader, group, unknown), { maxItems: 20 });
  reader.char(')');
  checkEvents(group, reader);
  return group;
}

function readFilter(reader: CommandReader): MailboxFilter {
  const word = reader.word().toLowerCase();
  switch (word) {
    case 'selected': case 'selected-delayed': case 'inboxes': case 'personal': case 'subscribed': return { kind: word };
    case 'subtree': case 'mailboxes': {
      reader.space();
      const names = reader.startsWith('(') ? reader.list(() => reader.mailbox(), { maxItems: MAX_MAILBOXES }) : [reader.mailbox()];
      return { kind: word, names };
    }
    default: return reader.fail('mailboxes');
  }
}

function readEvent(reader: CommandReader, group: { filter: MailboxFilter; events: Set<NotifyEvent>; fetchItems: readonly FetchItem[] }, unknown: Set<string>): void {
  const word = reader.word();
  const event = NOTIFY_EVENTS.find((name) => name.toUpperCase() === word);
  if (event) group.events.add(event);
  else unknown.add(word);
  if (event === 'MessageNew' && isSelectedFilter(group.filter) && reader.tryWord(' (')) group.fetchItems = readFetchItemList(reader).map(peeking);
}

/** RFC 5465 §5, §6.1: who wants one of new messages, expunges and flags needs the first two; of a selected mailbox only messages are told. */
function checkEvents({ filter, events }: EventGroup, reader: CommandReader): void {
  const has = (event: NotifyEvent): boolean => events.has(event);
  if (has('MessageNew') !== has('MessageExpunge') || (has('FlagChange') && !has('MessageNew'))) reader.fail('MessageNew and MessageExpunge');
  if (isSelectedFilter(filter) && ![...events].every((event) => MESSAGE_EVENTS.has(event))) reader.fail('message events');
}
