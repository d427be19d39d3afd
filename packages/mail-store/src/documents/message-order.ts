// What RFC 5256 sorts and threads by, as rows of numbers: texts are kept once and named by their key, message ids are hashed. So
// the whole of an account is read in a few megabytes (order-columns.ts).

import { hash } from 'node:crypto';
import type { Sql } from '@paloma/document-store';
import { noteReturned } from './change-sequence.js';
import { ORDER_TEXTS, type MessageOrder, type OrderText } from '../order/read-message-order.js';

/** Of a hashed message id. So many fit a number; of a million ids no two are likely to be one, and if so, two threads are. */
export const HASHED_ID_OCTETS = 6;

export const ORDER_TEXT_COLUMNS: Record<OrderText, string> = {
  subject: 'subject_text', from: 'from_text', to: 'to_text', cc: 'cc_text', displayFrom: 'display_from_text', displayTo: 'display_to_text',
};

const TEXT_COLUMNS = ORDER_TEXTS.map((text) => ORDER_TEXT_COLUMNS[text]);
const INSERT = `INSERT INTO mail_order (message_key, sent_at_ms, is_reply, message_id_hash, reference_hashes, ${TEXT_COLUMNS.join(', ')})
  VALUES (?, ?, ?, ?, ?, ${TEXT_COLUMNS.map(() => '?').join(', ')})`;
const DELETE = `DELETE FROM mail_order WHERE message_key = ? RETURNING ${TEXT_COLUMNS.join(', ')}`;

export function saveMessageOrder(sql: Sql, messageKey: number, { sentAtMs, texts, isReply, messageId, references }: MessageOrder): void {
  if (sql.get('SELECT 1 FROM mail_order WHERE message_key > ? LIMIT 1', messageKey) !== undefined) noteReturned(sql);
  sql.run(INSERT, messageKey, sentAtMs, Number(isReply), messageId === null ? 0 : hashedId(messageId).readUIntBE(0, HASHED_ID_OCTETS), Buffer.concat(references.map(hashedId)),
    ...ORDER_TEXTS.map((name) => keyOf(sql, texts[name])));
}

export function deleteMessageOrder(sql: Sql, messageKey: number): void {
  const textKeys = sql.get<Record<string, number>>(DELETE, messageKey) ?? {};
  for (const textKey of Object.values(textKeys)) if (textKey !== 0) releaseText(sql, textKey);
}

function hashedId(messageId: string): Buffer {
  return hash('sha256', messageId, 'buffer').subarray(0, HASHED_ID_OCTETS);
}

/** 0 for no text. */
function keyOf(sql: Sql, text: string): number {
  if (text === '') return 0;
  return sql.get<{ textKey: number }>('INSERT INTO mail_order_text (text, uses) VALUES (?, 1) ON CONFLICT (text) DO UPDATE SET uses = uses + 1 RETURNING text_key AS textKey', text)!.textKey;
}

/** A text goes with the last message that has it. */
function releaseText(sql: Sql, textKey: number): void {
  const { uses } = sql.get<{ uses: number }>('UPDATE mail_order_text SET uses = uses - 1 WHERE text_key = ? RETURNING uses', textKey)!;
  if (uses === 0) sql.run('DELETE FROM mail_order_text WHERE text_key = ?', textKey);
}
