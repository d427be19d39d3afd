import type { MailboxId } from '@paloma/shared-model';
import type { Stage } from './transcript.js';

const INBOX_ID = 'inbox' as MailboxId;

/** Files these messages in alice's inbox, received at the epoch. */
export async function withMessages(stage: Stage, ...messages: string[]): Promise<void> {
  for (const message of messages) await stage.storeOf('alice').append({ octets: Buffer.from(message), mailboxIds: [INBOX_ID], receivedAtMs: 0 });
}
