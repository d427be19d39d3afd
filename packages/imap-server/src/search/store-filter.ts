import type { EmailFilter } from '@paloma/mail-store/port';
import type { ThreadId } from '@paloma/shared-model';
import type { SearchKey, TextField } from '../wire/search-key.js';

const FIELD_NAMES: ReadonlyMap<TextField, string> = new Map([['from', 'From'], ['to', 'To'], ['cc', 'Cc'], ['bcc', 'Bcc'], ['subject', 'Subject']]);

/** The filter of the store that means the same as a key on the content of messages; null for keys that the snapshot answers. */
export function storeFilter(key: SearchKey): EmailFilter | null {
  switch (key.key) {
    case 'text': return textFilter(key.field, key.text);
    case 'header': return { header: key.text === '' ? [key.fieldName] : [key.fieldName, key.text] };
    case 'threadId': return { threadId: key.id as ThreadId };
    case 'date': return key.field === 'sent' ? sentFilter(key) : null;
    case 'not': return combined('NOT', [key.operand]);
    case 'or': return combined('OR', [key.left, key.right]);
    case 'and': return combined('AND', key.keys);
    default: return null;
  }
}

function combined(operator: 'AND' | 'OR' | 'NOT', keys: readonly SearchKey[]): EmailFilter | null {
  const filters = keys.map(storeFilter);
  const conditions = filters.filter((filter) => filter !== null);
  return conditions.length === filters.length ? { operator, conditions } : null;
}

/** Every field contains the empty string, when it is there (RFC 3501 §6.4.4); so does every body and text. */
function textFilter(field: TextField, text: string): EmailFilter | null {
  if (text !== '') return { [field]: text };
  const fieldName = FIELD_NAMES.get(field);
  return fieldName ? { header: [fieldName] } : { operator: 'AND', conditions: [] };
}

function sentFilter({ fromMs, beforeMs }: { fromMs: number | null; beforeMs: number | null }): EmailFilter {
  return { ...(fromMs !== null && { sentAfter: fromMs }), ...(beforeMs !== null && { sentBefore: beforeMs }) };
}
