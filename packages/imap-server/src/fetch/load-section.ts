import { concatOctets, selectFields } from '@paloma/mail-format';
import type { EmailRecord, MailStore } from '@paloma/mail-store/port';
import type { BodySection, PartialRange } from '../wire/body-section.js';
import { locateSection } from './locate-section.js';
import { MessageOctets } from './message-octets.js';

/** A section as a whole, at most its first `maxBytes`; null when the message has none such, or is gone. */
export async function loadSection(
  { store, record, section, partial, maxBytes }: { store: MailStore; record: EmailRecord; section: BodySection; partial: PartialRange | null; maxBytes: number },
): Promise<Uint8Array | null> {
  const located = locateSection(record, section);
  if (!located) return null;
  const octets = new MessageOctets(store, record);
  const offset = partial?.offset ?? 0;
  const length = Math.min(partial?.length ?? Number.MAX_SAFE_INTEGER, maxBytes);
  if (located.fields) {
    const header = await octets.load(located);
    return header && concatOctets(selectFields(header, located.fields)).subarray(offset, offset + length);
  }
  const start = Math.min(offset, located.length);
  return octets.load({ offset: located.offset + start, length: Math.min(length, located.length - start) });
}
