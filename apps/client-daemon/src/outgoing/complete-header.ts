import type { Clock, MailAddress, RandomSource } from '@paloma/shared-model';
import { domainOf } from '@paloma/shared-model';
import { concatOctets, findField, foldHeader, formatDate, parseHeaderBlock } from '@paloma/mail-format';

/** Adds the Date and Message-ID that a mail program left out (RFC 6409 §8.2, §8.3). All copies then share one Message-ID. */
export function completeHeader(octets: Uint8Array, address: MailAddress, { clock, random }: { clock: Clock; random: RandomSource }): Uint8Array {
  const fields = parseHeaderBlock(octets);
  const added = [
    findField(fields, 'Date') ? '' : foldHeader('Date', formatDate(clock.nowMs())),
    findField(fields, 'Message-ID') ? '' : foldHeader('Message-ID', `<${Buffer.from(random.bytes(18)).toString('base64url')}@${domainOf(address)}>`),
  ].join('');
  return added === '' ? octets : concatOctets([new TextEncoder().encode(added), octets]);
}
