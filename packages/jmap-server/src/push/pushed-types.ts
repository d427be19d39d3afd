// The data types whose state is pushed, and where each state comes from.

import type { AccountContext } from '../account-context.js';
import { contentDigest } from '../digest.js';
import { identityRecords } from '../methods/identity-record.js';
import { mailAppPasswordRecords } from '../methods/mail-app-password-record.js';
import { submissionRecords } from '../methods/submission-record.js';

export const PUSHED_TYPES = ['Mailbox', 'Email', 'Thread', 'EmailDelivery', 'Identity', 'EmailSubmission', 'Key', 'SyncStatus', 'MailAppPassword'] as const;
export type PushedType = (typeof PUSHED_TYPES)[number];

export function isPushedType(type: string): type is PushedType {
  return (PUSHED_TYPES as readonly string[]).includes(type);
}

const STATE_OF_TYPE: Record<PushedType, (account: AccountContext) => Promise<string>> = {
  Mailbox: ({ mailStore }) => mailStore.state('Mailbox'),
  Email: ({ mailStore }) => mailStore.state('Email'),
  Thread: ({ mailStore }) => mailStore.state('Thread'),
  EmailDelivery: ({ deliveryState }) => deliveryState.current(),
  Identity: async (account) => account.identityHistory.stateOf(await identityRecords(account)),
  EmailSubmission: async (account) => account.submissionHistory.stateOf(await submissionRecords(account)),
  Key: ({ account }) => account.keys.state(),
  MailAppPassword: async (account) => (account.account.settings ? account.mailAppPasswordHistory.stateOf(mailAppPasswordRecords(account)) : ''),
  SyncStatus: async ({ account }) => contentDigest(account.sync.current()),
};

export function stateOfType(type: PushedType, account: AccountContext): Promise<string> {
  return STATE_OF_TYPE[type](account);
}

/** Calls back with the types that may have changed. Returns the function that ends the subscriptions. */
export function watchTypes({ account }: AccountContext, mayHaveChanged: (types: readonly PushedType[]) => void): () => void {
  const subscriptions = [
    account.mailStore.subscribe(({ states }) => mayHaveChanged(states.has('Email') ? [...states, 'EmailDelivery'] : [...states])),
    account.submissions.subscribe(() => mayHaveChanged(['EmailSubmission', 'Identity'])),
    account.keys.subscribe(() => mayHaveChanged(['Key'])),
    account.settings?.subscribe(() => mayHaveChanged(['MailAppPassword'])) ?? (() => {}),
    account.sync.subscribe(() => mayHaveChanged(['SyncStatus'])),
  ];
  return () => { for (const unsubscribe of subscriptions) unsubscribe(); };
}
