// What the answers of one FETCH are made of. Flags, numbers and dates stand in the snapshot; what describes a message and the octets
// of small messages are loaded for many at once; only what remains needs the record of each message.

import { LIST_FIELDS } from '@paloma/mail-format';
import type { DescriptionParts } from '@paloma/mail-store/port';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { FetchItem } from '../wire/fetch-item.js';

/** Messages whose answers are made in one turn of the event loop: some milliseconds. */
const SNAPSHOT_BATCH = 1000;
const LOADED_BATCH = 200;
const RECORD_BATCH = 50;
/** Octets of messages that are held at once; a larger message passes in pieces. */
export const MAX_BATCH_BYTES = 1024 * 1024;
/** What a header block counts for: most are far smaller, none is larger than 256 KiB. */
const HEADER_BYTES = 64 * 1024;

export interface FetchNeeds {
  items: readonly FetchItem[];
  /** Null: nothing of it. */
  description: DescriptionParts | null;
  octets: 'none' | 'header' | 'message';
  record: boolean;
}

type Need = 'snapshot' | keyof DescriptionParts | 'header' | 'message' | 'record';

export function needsOf(items: readonly FetchItem[]): FetchNeeds {
  const needs = new Set(items.map(needOf));
  const record = needs.has('record');
  const octets = record ? 'none' : needs.has('message') ? 'message' : needs.has('header') ? 'header' : 'none';
  const parts = { envelope: needs.has('envelope'), bodyStructure: needs.has('bodyStructure'), listFields: needs.has('listFields') && !record && octets === 'none' };
  return { items, record, octets, description: Object.values(parts).includes(true) ? parts : null };
}

function needOf(item: FetchItem): Need {
  switch (item.name) {
    case 'FLAGS': case 'UID': case 'INTERNALDATE': case 'RFC822.SIZE': case 'MODSEQ': case 'SAVEDATE': return 'snapshot';
    case 'ENVELOPE': return 'envelope';
    case 'BODYSTRUCTURE': return 'bodyStructure';
    case 'SECTION': {
      const { path, text } = item.section;
      if (path.length > 0) return 'record';
      if (text === null || text.kind === 'TEXT') return 'message';
      return text.kind === 'HEADER.FIELDS' && [...text.selection.names].every((name) => LIST_FIELDS.has(name)) ? 'listFields' : 'header';
    }
    default: return 'record';
  }
}

/** Cuts the messages into what is answered at once. */
export function* batchesOf(messages: Iterable<NumberedEntry>, needs: FetchNeeds): Generator<readonly NumberedEntry[]> {
  const maxMessages = needs.record ? RECORD_BATCH : needs.description || needs.octets !== 'none' ? LOADED_BATCH : SNAPSHOT_BATCH;
  let batch: NumberedEntry[] = [];
  let bytes = 0;
  for (const message of messages) {
    const messageBytes = bytesOf(message, needs);
    if (batch.length === maxMessages || (batch.length > 0 && bytes + messageBytes > MAX_BATCH_BYTES)) {
      yield batch;
      [batch, bytes] = [[], 0];
    }
    batch.push(message);
    bytes += messageBytes;
  }
  if (batch.length > 0) yield batch;
}

function bytesOf({ entry: { sizeBytes } }: NumberedEntry, { octets }: FetchNeeds): number {
  if (octets === 'none') return 0;
  return octets === 'message' ? sizeBytes : Math.min(sizeBytes, HEADER_BYTES);
}
