// SORT, RFC 5256 §3: messages by what their headers say, in the order of i;unicode-casemap as far as case goes.

import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import { decodeHeaderText, imapEnvelope, parseHeaderDate, type ImapAddress } from '@paloma/mail-format';
import type { ProgressListener } from '../session/progress.js';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { SortCriterion } from '../wire/sort-criteria.js';
import { baseSubject } from './base-subject.js';
import { foldedText } from './folded-text.js';
import { recordsInBatches } from './records-in-batches.js';

type SortValue = string | number;

/** Messages that are the same by all criteria stay in the order of the mailbox. */
export async function sortMessages(messages: readonly NumberedEntry[], criteria: readonly SortCriterion[], store: MailStore, onProgress?: ProgressListener): Promise<NumberedEntry[]> {
  const values = await sortValues(messages, criteria, store, onProgress);
  const compare = (left: NumberedEntry, right: NumberedEntry): number => {
    const [a, b] = [values.get(left.entry.uid)!, values.get(right.entry.uid)!];
    const place = criteria.findIndex((_, index) => a[index] !== b[index]);
    if (place < 0) return left.sequenceNumber - right.sequenceNumber;
    return (a[place]! < b[place]! ? -1 : 1) * (criteria[place]!.isReverse ? -1 : 1);
  };
  return [...messages].sort(compare);
}

async function sortValues(messages: readonly NumberedEntry[], criteria: readonly SortCriterion[], store: MailStore, onProgress?: ProgressListener): Promise<Map<number, SortValue[]>> {
  const values = new Map<number, SortValue[]>();
  for await (const [message, record] of recordsInBatches(messages, store, onProgress)) values.set(message.entry.uid, valuesOf(message, record, criteria));
  return values;
}

function valuesOf({ entry }: NumberedEntry, record: EmailRecord | undefined, criteria: readonly SortCriterion[]): SortValue[] {
  const envelope = imapEnvelope(record?.headerBlock ?? new Uint8Array());
  return criteria.map(({ key }) => {
    switch (key) {
      case 'ARRIVAL': return entry.receivedAtMs;
      case 'SIZE': return entry.sizeBytes;
      // RFC 5256 §2.2: INTERNALDATE where there is no usable Date field.
      case 'DATE': return parseHeaderDate(envelope.date ?? '')?.epochMs ?? entry.receivedAtMs;
      case 'SUBJECT': return foldedText(baseSubject(decodeHeaderText(envelope.subject ?? '')));
      case 'FROM': return firstMailbox(envelope.from);
      case 'TO': return firstMailbox(envelope.to);
      case 'CC': return firstMailbox(envelope.cc);
      case 'DISPLAYFROM': return firstDisplayName(envelope.from);
      case 'DISPLAYTO': return firstDisplayName(envelope.to);
    }
  });
}

/** RFC 5957 §3: the name of the first address, decoded; without one, the address; of a group its name. */
function firstDisplayName([first]: readonly ImapAddress[]): string {
  const name = decodeHeaderText(first?.name ?? '').trim();
  const address = first?.host ? `${first.mailbox ?? ''}@${first.host}` : (first?.mailbox ?? '');
  return foldedText(name || address);
}

/** addr-mailbox of the first address: what stands before the `@`, or the name of a group. */
function firstMailbox(addresses: readonly ImapAddress[]): string {
  return foldedText(addresses[0]?.mailbox ?? '');
}
