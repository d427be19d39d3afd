// Addresses to offer while typing: those of the mail that was looked at, most frequent first.

import type { ObjectCache } from '../jmap/object-cache.js';
import type { EmailId } from '../jmap/types.js';
import { formatAddress, isSameAddress } from './address-list.js';

const MAX_OFFERED = 200;

export function knownAddresses(cache: ObjectCache, ownAddress: string): string[] {
  const counts = new Map<string, { text: string; count: number }>();
  for (const id of cache.ids('Email')) {
    const email = cache.get('Email', id as EmailId);
    for (const address of [...email?.from ?? [], ...email?.to ?? []]) {
      if (isSameAddress(address.email, ownAddress)) continue;
      const key = address.email.toLowerCase();
      counts.set(key, { text: formatAddress(address), count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return [...counts.values()].sort((a, b) => b.count - a.count).slice(0, MAX_OFFERED).map(({ text }) => text);
}
