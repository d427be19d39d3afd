// What IMAP says of each message, as it goes out: mail programs ask it of whole mailboxes, and to read and write it anew each time
// would be most of their first synchronization. Envelope and fields are written when a message is filed. The structure needs octets of the
// body, which may come later than the message: it is kept when it is asked for the first time.

import type { DocumentStore, Sql } from '@paloma/document-store';
import { concatOctets, formatImapBodyStructure, formatImapEnvelope, imapBodyStructure, LIST_FIELDS, selectFields, type ImapEnvelope } from '@paloma/mail-format';
import type { MessageDocument } from '@paloma/shared-model';
import type { DescriptionParts, ImapDescription } from '../port/index.js';
import { inlineOctets } from './message-runs.js';
import { contentsOf, messagesOf } from './messages-at-hand.js';

/** What one message may have kept of its header: a list of thousands of addresses is read where it stands. */
const MAX_LIST_FIELDS_BYTES = 8 * 1024;
const DESCRIBED = 'FROM mail_description WHERE message_key IN (SELECT value FROM json_each(?)) ORDER BY message_key';

export function saveDescription(sql: Sql, messageKey: number, headerBlock: Uint8Array, envelope: ImapEnvelope): void {
  const fields = concatOctets(selectFields(headerBlock, { names: LIST_FIELDS, areExcluded: false }));
  const kept = fields.length <= MAX_LIST_FIELDS_BYTES ? fields : null;
  sql.run('INSERT INTO mail_description (message_key, envelope, list_fields) VALUES (?, ?, ?)', messageKey, formatImapEnvelope(envelope), kept);
}

export function deleteDescription(sql: Sql, messageKey: number): void {
  sql.run('DELETE FROM mail_description WHERE message_key = ?', messageKey);
}

export function describeMessages(store: DocumentStore, messageKeys: readonly number[], parts: DescriptionParts): ImapDescription[] {
  const described = loadDescriptions(store, messageKeys, parts);
  const unstructured = parts.bodyStructure ? described.filter(({ bodyStructure }) => bodyStructure === null) : [];
  return unstructured.length > 0 && completeStructures(store, unstructured) ? loadDescriptions(store, messageKeys, parts) : described;
}

function loadDescriptions({ sql }: DocumentStore, messageKeys: readonly number[], parts: DescriptionParts): ImapDescription[] {
  const asked = JSON.stringify(messageKeys);
  const listFields = parts.listFields ? sql.octets(`SELECT message_key AS number, list_fields AS octets ${DESCRIBED}`, messageKeys) : null;
  if (listFields?.size === messageKeys.length && !parts.envelope && !parts.bodyStructure) return fieldsAlone(listFields);
  const column = (part: 'envelope' | 'bodyStructure', name: string): string => `${parts[part] ? name : 'NULL'} AS ${part}`;
  const described = sql.all<ImapDescription>(`SELECT message_key AS messageKey, ${column('envelope', 'envelope')}, ${column('bodyStructure', 'body_structure')}, NULL AS listFields ${DESCRIBED}`, asked);
  if (listFields) for (const description of described) description.listFields = listFields.get(description.messageKey) ?? null;
  return described;
}

function fieldsAlone(listFields: ReadonlyMap<number, Uint8Array>): ImapDescription[] {
  return [...listFields].map(([messageKey, octets]) => ({ messageKey, envelope: null, bodyStructure: null, listFields: octets })).sort((a, b) => a.messageKey - b.messageKey);
}

/** Of messages whose octets are here; false when these are none. */
function completeStructures(store: DocumentStore, unstructured: readonly ImapDescription[]): boolean {
  const messageKeys = unstructured.map(({ messageKey }) => messageKey);
  const contents = store.getMembers('message-content', contentsOf(messageKeys), ['octets']);
  const completed = [...store.getMembers('message', messagesOf(messageKeys), ['headerBlock', 'rootPart', 'content'])].flatMap(([messageKey, message]) => {
    const structure = structureOf(message, contents.get(messageKey)?.octets ?? null);
    return structure === null ? [] : [{ messageKey, structure }];
  });
  if (completed.length === 0) return false;
  store.transact(({ sql }) => {
    for (const { messageKey, structure } of completed) sql.run('UPDATE mail_description SET body_structure = ? WHERE message_key = ?', structure, messageKey);
  });
  return true;
}

/** Null when the header of a part is not at hand. */
function structureOf(message: Pick<MessageDocument, 'headerBlock' | 'rootPart' | 'content'>, content: Uint8Array | null): string | null {
  let isComplete = true;
  const headerOf = (offset: number, length: number): Uint8Array => {
    const octets = inlineOctets(message, content, { offset, length });
    isComplete &&= octets !== null;
    return octets ?? new Uint8Array();
  };
  const structure = formatImapBodyStructure(imapBodyStructure(message.rootPart, headerOf), { isExtensible: true });
  return isComplete ? structure : null;
}
