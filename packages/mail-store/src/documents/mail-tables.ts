// Tables of the mail projection. Two kinds: those that follow from the documents, dropped and fed again when their version
// changes; and those that belong to this device and outlive that: UIDs, which may never be given twice (RFC 9051 §2.3.1.1),
// and the counter from which modseqs and states come.
//
// Ids are random and keys are numbers in the order in which things came. What refers to a thing holds its key, and so does every index:
// what was filed together stands together, and to mark, move or destroy ten thousand emails is to write few pages.
//
// Every change of the account gets a number from one sequence (`changed_at`). The modseq of an email, the states of JMAP and
// what is left to tell subscribers are all places in that sequence.

import type { Sql } from '@paloma/document-store';

/** Raise it when a table below or what is written to it changes. */
export const MAIL_TABLES_VERSION = 11;

const DEVICE_TABLES = `
  CREATE TABLE IF NOT EXISTS mail_counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS mail_uid_space (mailbox_id TEXT PRIMARY KEY, uid_validity INTEGER NOT NULL, uid_next INTEGER NOT NULL) WITHOUT ROWID;
  -- Empty but for a rebuild, in which entries find the UIDs that they had.
  CREATE TABLE IF NOT EXISTS mail_uid (mailbox_id TEXT NOT NULL, email_id TEXT NOT NULL, uid INTEGER NOT NULL, PRIMARY KEY (mailbox_id, email_id)) WITHOUT ROWID;
`;

const DERIVED_TABLES = `
  CREATE TABLE mail_mailbox (
    mailbox_id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT, is_subscribed INTEGER NOT NULL, sort_order INTEGER NOT NULL,
    created_at_ms INTEGER NOT NULL, created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL
  ) WITHOUT ROWID;

  CREATE TABLE mail_message (
    message_id TEXT PRIMARY KEY, thread_key INTEGER NOT NULL, message_key INTEGER NOT NULL, size_bytes INTEGER NOT NULL, sent_at_ms INTEGER, sent_local_ms INTEGER, has_attachment INTEGER NOT NULL,
    sort_from TEXT NOT NULL, sort_to TEXT NOT NULL, sort_cc TEXT NOT NULL, sort_subject TEXT NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX mail_message_by_thread ON mail_message (thread_key);
  -- message_key: of the document, here and wherever it stands. Keys are given once: an entry that is about to go must not find another message.
  CREATE TABLE mail_description (message_key INTEGER PRIMARY KEY, envelope TEXT NOT NULL, body_structure TEXT, list_fields BLOB);
  -- content_key: of the document with the octets; the other table has those whose message is not here.
  CREATE TABLE mail_content (message_key INTEGER PRIMARY KEY, content_key INTEGER NOT NULL);
  CREATE TABLE mail_content_awaiting_message (message_id TEXT PRIMARY KEY, content_key INTEGER NOT NULL) WITHOUT ROWID;

  -- What RFC 5256 sorts and threads by, under the same keys; *_text: key of mail_order_text, 0 for an empty text.
  -- message_id_hash: 0 for none; reference_hashes: of the messages before it, oldest first.
  CREATE TABLE mail_order (
    message_key INTEGER PRIMARY KEY, sent_at_ms INTEGER, is_reply INTEGER NOT NULL, message_id_hash INTEGER NOT NULL, reference_hashes BLOB NOT NULL,
    subject_text INTEGER NOT NULL, from_text INTEGER NOT NULL, to_text INTEGER NOT NULL, cc_text INTEGER NOT NULL,
    display_from_text INTEGER NOT NULL, display_to_text INTEGER NOT NULL
  );
  -- uses: in so many places of mail_order. A key is given once, so that the newest tells whether there is a new text.
  CREATE TABLE mail_order_text (text_key INTEGER PRIMARY KEY AUTOINCREMENT, text TEXT NOT NULL UNIQUE, uses INTEGER NOT NULL);

  -- A thread is here as long as a message is of it; both numbers are 0 while no email of it is visible.
  CREATE TABLE mail_thread (thread_key INTEGER PRIMARY KEY, thread_id TEXT NOT NULL UNIQUE, created_at INTEGER NOT NULL DEFAULT 0, changed_at INTEGER NOT NULL DEFAULT 0);
  CREATE INDEX mail_thread_by_change ON mail_thread (changed_at);
  CREATE TABLE mail_conversation_key (conversation_key TEXT PRIMARY KEY, thread_key INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX mail_conversation_key_by_thread ON mail_conversation_key (thread_key);

  -- email_key: of the document. message_key: null while the message is not here.
  -- An email is visible when its message is here and a mailbox that exists holds it; else thread_key is null. What can be marked stands in
  -- its entries alone, so that a mark is written once; unseen: JSON of all of it, as long as entries do not show all of it, else null.
  CREATE TABLE mail_email (
    email_key INTEGER PRIMARY KEY, email_id TEXT NOT NULL UNIQUE, message_id TEXT NOT NULL, message_key INTEGER, thread_key INTEGER, received_at_ms INTEGER NOT NULL,
    unseen TEXT, has_stray_membership INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL DEFAULT 0
  );
  CREATE INDEX mail_email_by_message ON mail_email (message_key);
  CREATE INDEX mail_email_awaiting_message ON mail_email (message_id) WHERE message_key IS NULL;
  CREATE INDEX mail_email_by_thread ON mail_email (thread_key);
  CREATE INDEX mail_email_stray ON mail_email (email_key) WHERE has_stray_membership = 1;

  CREATE TABLE mail_keyword (keyword TEXT NOT NULL, email_key INTEGER NOT NULL, PRIMARY KEY (keyword, email_key)) WITHOUT ROWID;

  -- What IMAP sees, one row for each email in each mailbox; wide, so that a view and the totals are one scan each. All entries of an email
  -- have the same keywords and changed_at.
  CREATE TABLE mail_entry (
    mailbox_id TEXT NOT NULL, uid INTEGER NOT NULL, email_key INTEGER NOT NULL, email_id TEXT NOT NULL, thread_key INTEGER NOT NULL, message_key INTEGER NOT NULL, keywords TEXT NOT NULL,
    is_unread INTEGER NOT NULL, is_deleted INTEGER NOT NULL, changed_at INTEGER NOT NULL, size_bytes INTEGER NOT NULL,
    received_at_ms INTEGER NOT NULL, added_at_ms INTEGER NOT NULL, PRIMARY KEY (mailbox_id, uid)
  ) WITHOUT ROWID;
  CREATE INDEX mail_entry_by_email ON mail_entry (email_key, mailbox_id);
  CREATE INDEX mail_entry_by_change ON mail_entry (mailbox_id, changed_at);
  CREATE INDEX mail_entry_totals ON mail_entry (mailbox_id, thread_key, is_unread, size_bytes);
  CREATE INDEX mail_entry_unread ON mail_entry (thread_key, mailbox_id) WHERE is_unread = 1;

  CREATE TABLE mail_vanished (mailbox_id TEXT NOT NULL, changed_at INTEGER NOT NULL, uid INTEGER NOT NULL, PRIMARY KEY (mailbox_id, changed_at, uid)) WITHOUT ROWID;
  CREATE INDEX mail_vanished_by_change ON mail_vanished (changed_at);
  -- One that came back is there too.
  CREATE TABLE mail_destroyed (kind TEXT NOT NULL, changed_at INTEGER NOT NULL, id TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY (kind, changed_at)) WITHOUT ROWID;

  CREATE TABLE mail_blob_reference (blob_id TEXT NOT NULL, document_id TEXT NOT NULL, PRIMARY KEY (blob_id, document_id)) WITHOUT ROWID;
  CREATE INDEX mail_blob_reference_by_document ON mail_blob_reference (document_id);
`;

const DERIVED_TABLE_NAMES = [
  'mail_mailbox', 'mail_message', 'mail_description', 'mail_content', 'mail_content_awaiting_message', 'mail_order', 'mail_order_text', 'mail_thread', 'mail_conversation_key', 'mail_email', 'mail_keyword',
  'mail_entry', 'mail_vanished', 'mail_destroyed', 'mail_blob_reference',
];

/** Of older versions. */
const FORMER_TABLE_NAMES = ['mail_envelope', 'mail_thread_key'];

export function createMailTables(sql: Sql): void {
  sql.exec(DEVICE_TABLES);
  sql.exec(DERIVED_TABLES);
}

/** Leaves the tables of the device, and in them the UIDs of what was seen. */
export function dropMailTables(sql: Sql): void {
  keepUids(sql);
  for (const name of [...DERIVED_TABLE_NAMES, ...FORMER_TABLE_NAMES]) sql.exec(`DROP TABLE IF EXISTS ${name}`);
}

/** At the end of a rebuild. */
export function forgetKeptUids(sql: Sql): void {
  if (sql.get('SELECT 1 FROM mail_uid LIMIT 1') !== undefined) sql.run('DELETE FROM mail_uid');
}

/** Before version 9 they stood in this table all the time. */
function keepUids(sql: Sql): void {
  sql.exec(DEVICE_TABLES);
  const hasEntries = sql.get(`SELECT 1 FROM sqlite_schema WHERE name = 'mail_entry'`) !== undefined;
  if (hasEntries) sql.exec('INSERT OR IGNORE INTO mail_uid (mailbox_id, email_id, uid) SELECT mailbox_id, email_id, uid FROM mail_entry');
}
