// CATENATE, RFC 4469: a message put together on the server, from octets that came and octets that are here, so that an
// attachment that is forwarded does not travel twice.

import type { MailStore } from '@paloma/mail-store/port';
import type { MailboxId } from '@paloma/shared-model';
import { no, type Completion } from '../completion.js';
import { loadSection } from '../fetch/load-section.js';
import { findMailbox } from '../session/find-mailbox.js';
import type { CatenatePart } from '../wire/append-message.js';
import type { MessageUrl } from '../wire/message-url.js';

export type Assembled = { ok: true; octets: Uint8Array } | { ok: false; completion: Completion };

const TOO_LARGE = no('the message is too large', 'TOOBIG');
const EMPTY = no('a message has at least one octet', 'CANNOT');

/** Where pieces come from that are here already. */
export interface PieceSource {
  store: MailStore;
  /** What a URL without a mailbox is relative to; null: no mailbox is selected. */
  selectedId: MailboxId | null;
}

/** The octets of the pieces in their order, at most `maxBytes`. The result may be one of the pieces. */
export async function assembleMessage(parts: readonly CatenatePart[], source: PieceSource, maxBytes: number): Promise<Assembled> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for (const part of parts) {
    const piece = part.kind === 'octets' ? part.octets : part.target && (await loadTarget(part.target, source, maxBytes - sizeBytes));
    if (!piece) return { ok: false, completion: badUrl(part) };
    sizeBytes += piece.length;
    if (sizeBytes > maxBytes) return { ok: false, completion: TOO_LARGE };
    pieces.push(piece);
  }
  if (sizeBytes === 0) return { ok: false, completion: EMPTY };
  return { ok: true, octets: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces) };
}

// url-resp-text = 1*<any TEXT-CHAR except "]">     RFC 4469 §5 with erratum 4046: as it is, not as a string. Another URL is not repeated.
const REPEATABLE = /^[\x21-\x5c\x5e-\x7e]{1,500}$/;

/** RFC 4469 §4.1. */
function badUrl(part: CatenatePart): Completion {
  return no('there is no such part of a message here', part.kind === 'url' && REPEATABLE.test(part.url) ? `BADURL ${part.url}` : undefined);
}

/** Null when there is none; one octet too many when it is larger than `maxBytes`. */
async function loadTarget({ mailboxName, uidValidity, uid, section, partial }: MessageUrl, { store, selectedId }: PieceSource, maxBytes: number): Promise<Uint8Array | null> {
  const mailboxId = mailboxName === null ? selectedId : (await findMailbox(store, mailboxName))?.mailboxId;
  const view = mailboxId ? await store.openView(mailboxId) : null;
  if (!view || (uidValidity !== null && uidValidity !== view.uidValidity)) return null;
  const entry = view.entries.find((candidate) => candidate.uid === uid);
  const [record] = entry ? await store.getEmails([entry.emailId]) : [];
  return record ? loadSection({ store, record, section, partial, maxBytes: maxBytes + 1 }) : null;
}
