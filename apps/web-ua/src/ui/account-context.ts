import { createContext, useContext, useSyncExternalStore } from 'react';
import type { MailAccount } from '../jmap/mail-account.js';
import type { ObjectCache } from '../jmap/object-cache.js';
import type { Email, Mailbox, SyncStatus, ThreadId } from '../jmap/types.js';

export const AccountContext = createContext<MailAccount | null>(null);

export function useAccount(): MailAccount {
  const account = useContext(AccountContext);
  if (!account) throw new Error('no account is open above this component');
  return account;
}

/** The cache; the component is drawn again after every change of it. Screens show few objects, so that is cheap. */
export function useCache(): ObjectCache {
  const { cache } = useAccount();
  useSyncExternalStore(cache.subscribe, () => cache.version);
  return cache;
}

export const useMailboxes = (): readonly Mailbox[] => useCache().all('Mailbox');

export const useSyncStatus = (): SyncStatus | undefined => useCache().get('SyncStatus', 'singleton');

export function useIsConnected(): boolean {
  const account = useAccount();
  return useSyncExternalStore(account.subscribeConnection, () => account.isConnected);
}

/** Known emails of a conversation, oldest first. */
export function emailsOfThread(cache: ObjectCache, threadId: ThreadId): Email[] {
  return (cache.get('Thread', threadId)?.emailIds ?? []).flatMap((id) => cache.get('Email', id) ?? []);
}
