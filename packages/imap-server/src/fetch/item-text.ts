// The items of a FETCH answer that are short texts.

import type { ImapDescription, ViewEntry } from '@paloma/mail-store/port';
import { formatDateTime } from '../wire/date-time.js';
import type { FetchItem } from '../wire/fetch-item.js';
import { formatFlags } from '../wire/flag.js';

export function nameOf(item: FetchItem): string {
  return 'label' in item ? item.label : item.name;
}

/** The value of an item that the snapshot or the description has; null for any other. */
export function itemText({ name }: FetchItem, entry: ViewEntry, description: ImapDescription | null): string | null {
  switch (name) {
    case 'FLAGS': return formatFlags(entry);
    case 'UID': return String(entry.uid);
    case 'INTERNALDATE': return formatDateTime(entry.receivedAtMs);
    case 'RFC822.SIZE': return String(entry.sizeBytes);
    case 'MODSEQ': return `(${entry.modSeq})`;
    case 'SAVEDATE': return formatDateTime(entry.addedAtMs);
    case 'ENVELOPE': return description?.envelope ?? null;
    case 'BODYSTRUCTURE': return description?.bodyStructure ?? null;
    default: return null;
  }
}
