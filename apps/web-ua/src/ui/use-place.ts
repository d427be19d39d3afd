// What a route's place means: which list, under which title.

import { useMemo } from 'react';
import type { EmailList } from '../jmap/email-list.js';
import type { MailboxId, MailboxRole } from '../jmap/types.js';
import { searchFilter } from '../mail/search-query.js';
import { useMessages } from '../messages/language.js';
import { useAccount, useCache } from './account-context.js';
import type { Route } from './route.js';
import { mailboxName } from './sidebar.js';

export interface Place {
  /** Differs from place to place. */
  key: string;
  list: EmailList;
  title: string;
  unread: number;
  kind: MailboxRole | 'other' | 'search';
  /** `null` for a search. */
  mailboxId: MailboxId | null;
  /** What is searched for, or empty. */
  search: string;
  isOutgoing: boolean;
}

const UNSEARCHED_ROLES: ReadonlySet<MailboxRole | null> = new Set(['trash', 'junk']);

export function usePlace(place: Route['place']): Place {
  const account = useAccount();
  const cache = useCache();
  const messages = useMessages();
  const mailboxId = 'mailboxId' in place ? place.mailboxId : null;
  const search = 'search' in place ? place.search : '';
  const list = useMemo(() => {
    if (mailboxId !== null) return account.list({ inMailbox: mailboxId }, mailboxId);
    const excluded = account.cache.all('Mailbox').filter(({ role }) => UNSEARCHED_ROLES.has(role)).map(({ id }) => id);
    return account.list(searchFilter(search, excluded), null);
  }, [account, mailboxId, search]);
  const mailbox = mailboxId === null ? undefined : cache.get('Mailbox', mailboxId);
  const role = mailbox?.role ?? null;
  return {
    list, mailboxId, search,
    key: mailboxId ?? `search:${search}`,
    title: mailbox ? mailboxName(mailbox, messages) : messages.search.title,
    unread: role === 'sent' || role === 'drafts' || role === 'trash' ? 0 : mailbox?.unreadThreads ?? 0,
    kind: mailboxId === null ? 'search' : role ?? 'other',
    isOutgoing: role === 'sent' || role === 'drafts',
  };
}
