// PGP/MIME (RFC 3156) with protected header fields (RFC 9788), and the own Autocrypt header on the outside.

import type { Clock, RandomSource } from '@paloma/shared-model';
import { concatOctets, formatPgpMimeEncrypted, formatPgpMimeSigned, limitToSevenBit, protectHeaders, type BoundaryGenerator } from '@paloma/mail-format';
import { armor } from '@paloma/crypto/public';
import { encryptAndSign, signDetached } from '@paloma/crypto/secret';

export interface ProtectionKeys {
  /** Own active key: transferable secret key. */
  secretKey: Uint8Array;
  /** Own certificate: what is sent can be read again, and answered in private. */
  certificate: Uint8Array;
  /** `Autocrypt: …` with its line end. */
  autocryptHeader: string;
}

export interface ProtectionContext {
  clock: Clock;
  random: RandomSource;
}

/** Signed and encrypted to `certificates` and the sender. `null`: one of them cannot be encrypted to any more. */
export async function encryptMessage(message: Uint8Array, certificates: readonly Uint8Array[], keys: ProtectionKeys, context: ProtectionContext): Promise<Uint8Array | null> {
  const { outerHeaders, innerEntity } = protectHeaders(message, { encrypt: true });
  const encrypted = await encryptAndSign({ octets: innerEntity, certificates: [...certificates, keys.certificate], secretKey: keys.secretKey, nowMs: context.clock.nowMs() });
  if (!encrypted.ok) return null;
  return formatPgpMimeEncrypted({ outerHeaders: withAutocrypt(outerHeaders, keys), armoredMessage: armor('message', encrypted.message) }, boundariesOf(context));
}

/** Signed, readable by everybody. */
export async function signMessage(message: Uint8Array, keys: ProtectionKeys, context: ProtectionContext): Promise<Uint8Array> {
  const { outerHeaders, innerEntity } = protectHeaders(limitToSevenBit(message), { encrypt: false });   // RFC 3156 §3
  const { signature, micalg } = await signDetached(innerEntity, keys.secretKey, context.clock.nowMs());
  return formatPgpMimeSigned({ outerHeaders: withAutocrypt(outerHeaders, keys), innerEntity, armoredSignature: armor('signature', signature), micalg }, boundariesOf(context));
}

function withAutocrypt(outerHeaders: Uint8Array, { autocryptHeader }: ProtectionKeys): Uint8Array {
  return concatOctets([outerHeaders, new TextEncoder().encode(autocryptHeader)]);
}

function boundariesOf({ random }: ProtectionContext): BoundaryGenerator {
  return () => `=_${Buffer.from(random.bytes(18)).toString('base64url')}`;
}
