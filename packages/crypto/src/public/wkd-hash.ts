import { createHash } from 'node:crypto';

// z-base-32, https://philzimmermann.com/docs/human-oriented-base-32-encoding.txt
const Z_BASE_32 = 'ybndrfg8ejkmcpqxot1uwisza345h769';

/**
 * Name of an address in a Web Key Directory: 32 characters of z-base-32 over the SHA-1 of the local part,
 * with ASCII letters (and no others) folded to lower case. draft-koch-openpgp-webkey-service §3.1.
 */
export function wkdHash(localPart: string): string {
  const folded = localPart.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  return zBase32(createHash('sha1').update(folded, 'utf8').digest());
}

/** 160 bits are 32 groups of five without a remainder. */
function zBase32(digest: Uint8Array): string {
  const bits = [...digest].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return bits.replace(/.{5}/g, (group) => Z_BASE_32[Number.parseInt(group, 2)]!);
}
