// The full-text index: one row of folded texts for each message, under the key of its document, in the encrypted database like
// everything else.
//
// The tokenizer is FTS5's trigram, and texts are stored folded (folded-text.ts) and matched with case: a phrase of three
// characters or more then finds exactly the rows that hold it as a substring, which is what IMAP SEARCH means. The
// projection only notes which messages wait; text-index.ts reads them, since HTML of a whole account is no work for one
// transaction.

import type { DocumentChange, Projection, Sql } from '@paloma/document-store';

/** Raise it when the columns or the way texts are folded or extracted change. */
const TEXT_TABLES_VERSION = 3;

/** Columns in the order of the table. */
export const TEXT_COLUMNS = ['from_text', 'to_text', 'cc_text', 'bcc_text', 'subject', 'other_addresses', 'attachment_names', 'body'] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];

/** FTS5 keeps its index in rows of so many octets: one fills a page of the database, less what the cipher and the row itself take up. */
const INDEX_ROW_BYTES = 8000;

const TABLES = `
  -- FTS5 writes a segment whenever a row does not come behind the one before it: hence in the order of keys.
  CREATE TABLE mail_text_waiting (message_key INTEGER PRIMARY KEY, message_id TEXT NOT NULL);
  CREATE VIRTUAL TABLE mail_text USING fts5 (${TEXT_COLUMNS.join(', ')}, tokenize = 'trigram case_sensitive 1');
  INSERT INTO mail_text (mail_text, rank) VALUES ('pgsz', ${INDEX_ROW_BYTES});
`;

/** Of version 2. */
const FORMER_KEY_TABLE = 'mail_text_key';

export const mailTextProjection: Projection = {
  name: 'mail-text',
  version: TEXT_TABLES_VERSION,
  types: ['message', 'message-content'],
  drop(sql) {
    for (const name of ['mail_text', 'mail_text_waiting', FORMER_KEY_TABLE]) sql.exec(`DROP TABLE IF EXISTS ${name}`);
  },
  create(sql) {
    sql.exec(TABLES);
  },
  apply(changes, sql) {
    for (const change of changes) noteText(change, sql);
  },
};

function noteText({ documentId, documentKey, type, after }: DocumentChange, sql: Sql): void {
  const messageId = documentId.slice(type.length + 1);
  if (type === 'message-content') return after === null ? undefined : letMessageWait(sql, messageId);
  if (after !== null) return void sql.run('INSERT OR IGNORE INTO mail_text_waiting (message_key, message_id) VALUES (?, ?)', documentKey, messageId);
  sql.run('DELETE FROM mail_text WHERE rowid = ?', documentKey);
  sql.run('DELETE FROM mail_text_waiting WHERE message_key = ?', documentKey);
}

/** There is more of it to be indexed. A message that is not here waits when it comes. */
export function letMessageWait(sql: Sql, messageId: string): void {
  sql.run('INSERT OR IGNORE INTO mail_text_waiting (message_key, message_id) SELECT message_key, message_id FROM mail_message WHERE message_id = ?', messageId);
}
