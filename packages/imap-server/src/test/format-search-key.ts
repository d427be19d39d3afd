import type { SearchKey } from '../wire/search-key.js';
import { formatSequenceSet } from '../wire/sequence-set.js';
import { formatAString } from '../wire/string.js';

const DAY_MS = 86_400_000;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A key as a client spells it; the counterpart of `readSearchKeys`. */
export function formatSearchKey(key: SearchKey): string {
  switch (key.key) {
    case 'all': return 'ALL';
    case 'none': return 'NEW';
    case 'deleted': return 'DELETED';
    case 'and': return `(${key.keys.map(formatSearchKey).join(' ')})`;
    case 'or': return `OR ${formatSearchKey(key.left)} ${formatSearchKey(key.right)}`;
    case 'not': return `NOT ${formatSearchKey(key.operand)}`;
    case 'sequence': return formatSequenceSet(key.set);
    case 'uid': return `UID ${formatSequenceSet(key.set)}`;
    case 'keyword': return `KEYWORD ${key.keyword}`;
    case 'date': return formatDateKey(key);
    case 'larger': case 'smaller': return `${key.key.toUpperCase()} ${key.sizeBytes}`;
    case 'older': case 'younger': return `${key.key.toUpperCase()} ${key.seconds}`;
    case 'modSeq': return `MODSEQ ${key.modSeq}`;
    case 'emailId': case 'threadId': return `${key.key.toUpperCase()} ${key.id}`;
    case 'text': return `${key.field.toUpperCase()} ${formatAString(key.text)}`;
    case 'header': return `HEADER ${formatAString(key.fieldName)} ${formatAString(key.text)}`;
  }
}

function formatDateKey({ field, fromMs, beforeMs }: Extract<SearchKey, { key: 'date' }>): string {
  const prefix = { received: '', sent: 'SENT', saved: 'SAVED' }[field];
  if (fromMs === null) return `${prefix}BEFORE ${formatDay(beforeMs!)}`;
  return `${prefix}${beforeMs === null ? 'SINCE' : 'ON'} ${formatDay(fromMs)}`;
}

function formatDay(dayMs: number): string {
  const date = new Date(Math.floor(dayMs / DAY_MS) * DAY_MS);
  return `${date.getUTCDate()}-${MONTHS[date.getUTCMonth()]}-${String(date.getUTCFullYear()).padStart(4, '0')}`;
}
