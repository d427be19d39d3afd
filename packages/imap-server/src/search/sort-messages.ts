// SORT, RFC 5256 §3: messages by what their headers say, in the order of i;unicode-casemap as far as case goes.

import { decodeHeaderText, parseHeaderDate, type ImapAddress } from '@paloma/mail-format';
import type { EmailEnvelope } from '@paloma/mail-store/port';
import type { NumberedEntry } from '../session/selected-mailbox.js';
import type { SortCriterion } from '../wire/sort-criteria.js';
import { baseSubject } from './base-subject.js';
import { foldedText } from './folded-text.js';
import { readEnvelopes } from './read-envelopes.js';
import type { SearchSources } from './search-mailbox.js';

type SortValue = string | number;

interface Sortable {
  message: NumberedEntry;
  /** One for each criterion. */
  values: readonly SortValue[];
}

/** Messages that are the same by all criteria stay in the order of the mailbox. */
export async function sortMessages(messages: readonly NumberedEntry[], criteria: readonly SortCriterion[], sources: SearchSources): Promise<NumberedEntry[]> {
  const sortable = criteria.every(({ key }) => key === 'ARRIVAL' || key === 'SIZE')
    ? messages.map((message) => ({ message, values: valuesOf(message, undefined, criteria) }))
    : await readEnvelopes(messages, sources, (message, envelope): Sortable => ({ message, values: valuesOf(message, envelope, criteria) }));
  const compare = (left: Sortable, right: Sortable): number => {
    const place = criteria.findIndex((_, index) => left.values[index] !== right.values[index]);
    if (place < 0) return left.message.sequenceNumber - right.message.sequenceNumber;
    return (left.values[place]! < right.values[place]! ? -1 : 1) * (criteria[place]!.isReverse ? -1 : 1);
  };
  return sortable.sort(compare).map(({ message }) => message);
}

function valuesOf({ entry }: NumberedEntry, known: EmailEnvelope | undefined, criteria: readonly SortCriterion[]): SortValue[] {
  const envelope = known?.envelope;
  return criteria.map(({ key }) => {
    switch (key) {
      case 'ARRIVAL': return entry.receivedAtMs;
      case 'SIZE': return entry.sizeBytes;
      // RFC 5256 §2.2: INTERNALDATE where there is no usable Date field.
      case 'DATE': return parseHeaderDate(envelope?.date ?? '')?.epochMs ?? entry.receivedAtMs;
      case 'SUBJECT': return foldedText(baseSubject(decodeHeaderText(envelope?.subject ?? '')));
      case 'FROM': return firstMailbox(envelope?.from);
      case 'TO': return firstMailbox(envelope?.to);
      case 'CC': return firstMailbox(envelope?.cc);
      case 'DISPLAYFROM': return firstDisplayName(envelope?.from);
      case 'DISPLAYTO': return firstDisplayName(envelope?.to);
    }
  });
}

/** RFC 5957 §3: the name of the first address, decoded; without one, the address; of a group its name. */
function firstDisplayName([first]: readonly ImapAddress[] = []): string {
  const name = decodeHeaderText(first?.name ?? '').trim();
  const address = first?.host ? `${first.mailbox ?? ''}@${first.host}` : (first?.mailbox ?? '');
  return foldedText(name || address);
}

/** addr-mailbox of the first address: what stands before the `@`, or the name of a group. */
function firstMailbox([first]: readonly ImapAddress[] = []): string {
  return foldedText(first?.mailbox ?? '');
}
