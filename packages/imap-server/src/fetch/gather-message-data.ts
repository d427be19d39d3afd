// One FETCH answer out of what is at hand, in one turn: most answers of most commands.

import { selectFields } from '@paloma/mail-format';
import type { ImapDescription, MessageAtHand } from '@paloma/mail-store/port';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { Session } from '../session/session.js';
import type { FetchItem, SectionItem } from '../wire/fetch-item.js';
import { itemText, nameOf } from './item-text.js';

export interface ReadyMessage {
  session: Session;
  message: NumberedEntry;
  items: readonly FetchItem[];
  /** Null when no item needs it. */
  description: ImapDescription | null;
  /** Null when no item needs more than the description has. */
  octets: MessageAtHand | null;
}

/** Gathers the answer; the caller lets it go out. All that the items need must be there. */
export function gatherMessageData({ session, message, items, description, octets }: ReadyMessage): void {
  const { writer } = session;
  let text = `* ${session.fetchHead(message)} (`;
  let separator = '';
  for (const item of items) {
    text += `${separator}${nameOf(item)} `;
    separator = ' ';
    if (item.name === 'SECTION') {
      const pieces = sectionOf(item, octets, description?.listFields ?? null);
      writer.gather(`${text}{${lengthOf(pieces)}}\r\n`, ...pieces);
      text = '';
    } else text += itemText(item, message.entry, description) ?? 'NIL';
  }
  writer.gather(`${text})\r\n`);
}

/** A section of the message itself, RFC 3501 §6.4.5. */
function sectionOf({ section: { text }, partial }: SectionItem, octets: MessageAtHand | null, listFields: Uint8Array | null): readonly Uint8Array[] {
  const { headerBlock, body } = octets ?? { headerBlock: listFields!, body: [] };
  const pieces = text === null ? [headerBlock, ...body] : text.kind === 'TEXT' ? body : 'selection' in text ? selectFields(headerBlock, text.selection) : [headerBlock];
  return partial ? cut(pieces, partial.offset, partial.offset + partial.length) : pieces;
}

/** Octets from `start` to before `end` of the pieces as a whole. */
function cut(pieces: readonly Uint8Array[], start: number, end: number): Uint8Array[] {
  let offset = 0;
  return pieces.map((piece) => {
    const [from, to] = [Math.max(0, start - offset), Math.max(0, end - offset)];
    offset += piece.length;
    return piece.subarray(from, to);
  });
}

function lengthOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, { length }) => sum + length, 0);
}
