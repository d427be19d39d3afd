// The full-text index: one row of folded texts for each message, in the encrypted database like everything else.
//
// The tokenizer is FTS5's trigram, and texts are stored folded (folded-text.ts) and matched with case: a phrase of three
// characters or more then finds exactly the rows that hold it as a substring, which is what IMAP SEARCH means. The
// projection only notes which messages wait; text-index.ts reads them, since HTML of a whole account is no work for one
// transaction.

import type { Projection } from '@paloma/document-store';

/** Raise it when the columns or the way texts are folded or extracted change. */
const TEXT_TABLES_VERSION = 2;

/** Columns in the order of the table. */
export const TEXT_COLUMNS = ['from_text', 'to_text', 'cc_text', 'bcc_text', 'subject', 'other_addresses', 'attachment_names', 'body'] as const;
export type TextColumn = (typeof TEXT_COLUMNS)[number];

const TABLES = `
  CREATE TABLE mail_text_key (text_key INTEGER PRIMARY KEY, message_id TEXT NOT NULL UNIQUE);
  CREATE TABLE mail_text_waiting (message_id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE VIRTUAL TABLE mail_text USING fts5 (${TEXT_COLUMNS.join(', ')}, tokenize = 'trigram case_sensitive 1');
`;

export const mailTextProjection: Projection = {
  name: 'mail-text',
  version: TEXT_TABLES_VERSION,
  types: ['message', 'message-content'],
  drop(sql) {
    for (const name of ['mail_text', 'mail_text_key', 'mail_text_waiting']) sql.exec(`DROP TABLE IF EXISTS ${name}`);
  },
  create(sql) {
    sql.exec(TABLES);
  },
  apply({ documentId, type, after }, sql) {
    const messageId = documentId.slice(type.length + 1);
    if (after !== null) sql.run('INSERT OR IGNORE INTO mail_text_waiting (message_id) VALUES (?)', messageId);
    if (after !== null || type !== 'message') return;
    sql.run('DELETE FROM mail_text WHERE rowid = (SELECT text_key FROM mail_text_key WHERE message_id = ?)', messageId);
    for (const table of ['mail_text_key', 'mail_text_waiting']) sql.run(`DELETE FROM ${table} WHERE message_id = ?`, messageId);
  },
};
