// Fetches what a conversation on screen needs: its messages with bodies, and what became of those that were sent.

import { CONTENT_ARGUMENTS, withContent } from './email-properties.js';
import type { MailAccount } from './mail-account.js';
import type { Email, EmailContent, EmailId, EmailSubmission, GetResponse, Thread, ThreadId } from './types.js';

/** False when there is no such conversation (any more). */
export async function loadConversation({ transport, cache }: MailAccount, threadId: ThreadId): Promise<boolean> {
  const threads = transport.call<GetResponse<Thread>>('Thread/get', { ids: [threadId] });
  const emails = transport.call<GetResponse<Email & EmailContent>>('Email/get', {
    '#ids': threads.reference('/list/*/emailIds'), ...CONTENT_ARGUMENTS,
  });
  const [thread, messages] = await Promise.all([threads.result, emails.result]);
  if (cache.state('Thread') === null) cache.setState('Thread', thread.state);
  if (cache.state('Email') === null) cache.setState('Email', messages.state);
  cache.put('Email', messages.list.map(withContent));
  cache.put('Thread', thread.list);
  return thread.list.length > 0;
}

/** Messages that joined a conversation after it was opened come without their content. */
export async function loadContent({ transport, cache }: MailAccount, emailId: EmailId): Promise<void> {
  const { list } = await transport.call<GetResponse<Email & EmailContent>>('Email/get', { ids: [emailId], ...CONTENT_ARGUMENTS }).result;
  cache.put('Email', list.map(withContent));
}

export async function loadSubmissions({ transport, cache }: MailAccount, emailIds: readonly EmailId[]): Promise<void> {
  const query = transport.call('EmailSubmission/query', { filter: { emailIds } });
  const get = transport.call<GetResponse<EmailSubmission>>('EmailSubmission/get', { '#ids': query.reference('/ids') });
  const [, { list, state }] = await Promise.all([query.result, get.result]);
  if (cache.state('EmailSubmission') === null) cache.setState('EmailSubmission', state);
  cache.put('EmailSubmission', list);
}
