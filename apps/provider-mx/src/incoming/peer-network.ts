import { isIPv6 } from 'node:net';

/**
 * What a peer is counted as: its IPv4 address, or the IPv6 network of 64 bits, of which a host has all addresses (RFC 7934 §6.5).
 * `address`: as Node writes those of sockets, thus without leading zeros and in lower case.
 */
export function networkOf(address: string): string {
  return isIPv6(address) ? fullGroups(address).slice(0, 4).join(':') : address;
}

function fullGroups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...before, ...Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0'), ...after];
}
