import type { Mailbox, ReplacedEmail } from '@paloma/mail-store/port';
import type { AuthenticatedContext } from '../command.js';
import type { Completion } from '../completion.js';
import { COMPLETION_BY_APPEND_REFUSAL, NO_TARGET_MAILBOX } from '../error-table.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { AppendMessage } from '../wire/append-message.js';
import { formatNumbers } from '../wire/sequence-set.js';
import { assembleMessage } from './assemble-message.js';

/** `code`: `APPENDUID <validity> <uids>` (RFC 4315 §3). */
export type Filed = { ok: true; code: string } | { ok: false; completion: Completion };

/** Files all of the messages or none, and takes the replaced one out with it. */
export async function fileMessages(
  { session, store }: AuthenticatedContext, mailboxName: string, messages: readonly AppendMessage[], replaced?: ReplacedEmail,
): Promise<Filed> {
  const mailbox = await findMailbox(store, mailboxName);
  if (!mailbox) return { ok: false, completion: NO_TARGET_MAILBOX };
  const inputs = [];
  let room = session.environment.limits.maxMessageBytes;
  for (const { flags, receivedAtMs, parts } of messages) {
    const assembled = await assembleMessage(parts, { store, selectedId: session.selected?.mailboxId ?? null }, room);
    if (!assembled.ok) return assembled;
    room -= assembled.octets.length;
    inputs.push({ octets: assembled.octets, mailboxIds: [mailbox.mailboxId], keywords: flags.keywords, isDeleted: flags.isDeleted, ...(receivedAtMs !== null && { receivedAtMs }) });
  }
  const outcome = await store.appendAll(inputs, replaced && { replaced });
  if (!outcome.ok) return { ok: false, completion: COMPLETION_BY_APPEND_REFUSAL[outcome.refusal] };
  const filedUids = outcome.appended.map(({ uids }) => uids.get(mailbox.mailboxId)!);
  await session.watch?.learnMessages(store, mailbox.mailboxId, filedUids);
  return { ok: true, code: appendUid(mailbox, filedUids) };
}

function appendUid({ uidValidity }: Mailbox, uids: readonly number[]): string {
  return `APPENDUID ${uidValidity} ${formatNumbers(uids)}`;
}
