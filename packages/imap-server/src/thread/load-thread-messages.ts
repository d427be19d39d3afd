import { decodeHeaderText, parseHeaderDate, parseMessageId, parseMessageIdList } from '@paloma/mail-format';
import type { EmailEnvelope } from '@paloma/mail-store/port';
import { parseSubject } from '../search/base-subject.js';
import { foldedText } from '../search/folded-text.js';
import { readEnvelopes } from '../search/read-envelopes.js';
import type { SearchSources } from '../search/search-mailbox.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { ThreadMessage } from './thread.js';

/** What threading looks at, of every message. */
export function loadThreadMessages(messages: readonly NumberedEntry[], sources: Omit<SearchSources, 'clock'>, { isUid }: { isUid: boolean }): Promise<ThreadMessage[]> {
  return readEnvelopes(messages, sources, ({ entry, sequenceNumber }, known) => ({ number: isUid ? entry.uid : sequenceNumber, ...headerFacts(known, entry.receivedAtMs) }));
}

function headerFacts(known: EmailEnvelope | undefined, receivedAtMs: number): Omit<ThreadMessage, 'number'> {
  const envelope = known?.envelope;
  const { base, isReply } = parseSubject(decodeHeaderText(envelope?.subject ?? ''));
  return {
    sentAtMs: parseHeaderDate(envelope?.date ?? '')?.epochMs ?? receivedAtMs, // RFC 5256 §2.2
    messageId: parseMessageId(envelope?.messageId ?? ''),
    references: known ? referencesOf(known) : [],
    baseSubject: foldedText(base),
    isReply,
  };
}

/** RFC 5256 §3 (1): In-Reply-To names many things; its first id counts, and only where References has none. */
function referencesOf({ envelope, references }: EmailEnvelope): readonly string[] {
  return references.length > 0 ? references : parseMessageIdList(envelope.inReplyTo ?? '').slice(0, 1);
}
