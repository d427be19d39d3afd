// Messages for the contract, written out so that each test shows what it is about.

import type { AppendInput, MailStore } from '../port/index.js';
import type { EmailId, MailboxId } from '@paloma/shared-model';

export interface ExampleMessage {
  messageId?: string;
  references?: string;
  from?: string;
  to?: string;
  cc?: string;
  bcc?: string;
  subject?: string;
  date?: string;
  /** Further header lines, whole. */
  headerLines?: readonly string[];
  contentType?: string;
  body?: string;
}

/** Octets of a message; UTF-8 where it is not ASCII. */
export function messageOctets({ headerLines = [], body = 'Hello.\r\n', ...fields }: ExampleMessage = {}): Uint8Array {
  const header: readonly [name: string, value: string | undefined][] = [
    ['From', fields.from], ['To', fields.to], ['Cc', fields.cc], ['Bcc', fields.bcc], ['Subject', fields.subject], ['Date', fields.date],
    ['Message-ID', fields.messageId && `<${fields.messageId}>`],
    ['References', fields.references?.split(' ').map((reference) => `<${reference}>`).join(' ')],
    ['Content-Type', fields.contentType],
  ];
  const lines = header.flatMap(([name, value]) => (value === undefined ? [] : `${name}: ${value}`));
  return new TextEncoder().encode(`${[...lines, ...headerLines].join('\r\n')}\r\n\r\n${body}`);
}

export const INBOX = 'inbox' as MailboxId;
export const SENT = 'sent' as MailboxId;
export const ARCHIVE = 'archive' as MailboxId;
export const TRASH = 'trash' as MailboxId;

/** Files a message, in the inbox unless told otherwise, and gives its email id. */
export async function file(store: MailStore, message: ExampleMessage = {}, input: Partial<AppendInput> = {}): Promise<EmailId> {
  const outcome = await store.append({ octets: messageOctets(message), mailboxIds: [INBOX], ...input });
  if (!outcome.ok) throw new Error(`append was refused: ${outcome.refusal}`);
  return outcome.emailId;
}

/** Files `count` messages one after another, in the inbox. */
export async function fileMany(store: MailStore, count: number): Promise<EmailId[]> {
  const emailIds: EmailId[] = [];
  for (let number = 1; number <= count; number++) emailIds.push(await file(store, { subject: `Message ${number}` }, { receivedAtMs: number * 1000 }));
  return emailIds;
}

export async function createMailbox(store: MailStore, name: string): Promise<MailboxId> {
  const outcome = await store.createMailbox({ name });
  if (!outcome.ok) throw new Error(`mailbox was refused: ${outcome.refusal}`);
  return outcome.mailboxId;
}

/** `[uid, emailId]` of each entry. */
export async function uidsIn(store: MailStore, mailboxId: MailboxId): Promise<[number, EmailId][]> {
  return (await store.openView(mailboxId))?.entries.map(({ uid, emailId }): [number, EmailId] => [uid, emailId]) ?? [];
}
