import { decodeHeaderText, findField, parseHeaderBlock, parseHeaderDate, parseMessageId, parseMessageIdList, type HeaderField } from '@paloma/mail-format';
import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import { parseSubject } from '../search/base-subject.js';
import { foldedText } from '../search/folded-text.js';
import { recordsInBatches } from '../search/records-in-batches.js';
import type { ProgressListener } from '../session/progress.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { ThreadMessage } from './thread.js';

/** What threading looks at, of every message. */
export async function loadThreadMessages(messages: readonly NumberedEntry[], store: MailStore, { isUid, onProgress }: { isUid: boolean; onProgress: ProgressListener }): Promise<ThreadMessage[]> {
  const loaded: ThreadMessage[] = [];
  for await (const [message, record] of recordsInBatches(messages, store, onProgress)) {
    loaded.push({ number: isUid ? message.entry.uid : message.sequenceNumber, ...headerFacts(record, message.entry.receivedAtMs) });
  }
  return loaded;
}

function headerFacts(record: EmailRecord | undefined, receivedAtMs: number): Omit<ThreadMessage, 'number'> {
  const fields = parseHeaderBlock(record?.headerBlock ?? new Uint8Array());
  const text = (name: string): string => findField(fields, name)?.text ?? '';
  const { base, isReply } = parseSubject(decodeHeaderText(text('Subject')));
  return {
    sentAtMs: parseHeaderDate(text('Date'))?.epochMs ?? receivedAtMs, // RFC 5256 §2.2
    messageId: parseMessageId(text('Message-ID')),
    references: referencesOf(fields),
    baseSubject: foldedText(base),
    isReply,
  };
}

/** RFC 5256 §3 (1): In-Reply-To names many things; its first id counts, and only where References has none. */
function referencesOf(fields: HeaderField[]): string[] {
  const references = parseMessageIdList(findField(fields, 'References')?.text ?? '');
  return references.length > 0 ? references : parseMessageIdList(findField(fields, 'In-Reply-To')?.text ?? '').slice(0, 1);
}
