// The vault as octets, docs/protocol/envelope.md §6: a CBOR map that the provider keeps without understanding it.
// What is read here came from the provider, so every field is checked and nothing is allocated on its word.

import { decode, encode } from 'cborg';
import { CryptoError } from '../public/crypto-error.js';
import { KEY_OCTETS, NONCE_OCTETS, TAG_OCTETS } from './aead.js';
import type { NameKeys } from './storage-keys.js';

export interface Argon2Cost {
  memoryKib: number;
  passes: number;
  lanes: number;
}

export type VaultWrap =
  | { kind: 'login' | 'recovery'; wrapped: Uint8Array }
  | { kind: 'passphrase'; salt: Uint8Array; cost: Argon2Cost; wrapped: Uint8Array };

export interface VaultContent {
  /** Key epoch → 32 octets. */
  roots: ReadonlyMap<number, Uint8Array>;
  /** Once the first root is retired. */
  names?: NameKeys;
  /** Counts the contents of one account from 1: a device does not go back to an older one. */
  serial: number;
}

export interface VaultFile {
  sealed: Uint8Array;
  wraps: VaultWrap[];
}

/** Bound of docs/protocol/accounts.md §3; a vault with a hundred epochs and ten wraps has 6 KiB. */
const MAX_VAULT_BYTES = 64 * 1024;
const VERSION = 1;
const MAX_WRAPS = 16;
const WRAPPED_KEY_OCTETS = NONCE_OCTETS + KEY_OCTETS + TAG_OCTETS;
/** A vault must not make a device allocate or compute without end before the passphrase is even checked. */
const MAX_COST: Argon2Cost = { memoryKib: 1024 * 1024, passes: 16, lanes: 16 };

export function formatVault(vault: VaultFile): Uint8Array {
  const bytes = encode({ v: VERSION, sealed: vault.sealed, wraps: vault.wraps.map(formatWrap) });
  if (bytes.length > MAX_VAULT_BYTES) throw new CryptoError('tooBig', 'vault over limit');
  return bytes;
}

/** Null when it is not a vault of this version. Wraps of unknown kinds are left out. */
export function parseVault(bytes: Uint8Array): VaultFile | null {
  const map = bytes.length > MAX_VAULT_BYTES ? null : decodeMap(bytes);
  const [sealed, wraps] = [map?.get('sealed'), map?.get('wraps')];
  if (map?.get('v') !== VERSION || !isOctets(sealed) || !Array.isArray(wraps) || wraps.length > MAX_WRAPS) return null;
  return { sealed, wraps: wraps.map(parseWrap).filter((wrap) => wrap !== null) };
}

export function formatVaultContent({ roots, names, serial }: VaultContent, accountId: string): Uint8Array {
  return encode({ roots: new Map(roots), accountId, ...(serial > 1 && { serial }), ...(names && { names: { ...names } }) });
}

/** Null unless it is a map of epochs to roots that names this account, with the first root or what stays of it. */
export function parseVaultContent(bytes: Uint8Array, accountId: string): VaultContent | null {
  const map = decodeMap(bytes);
  const [roots, serial = 1] = [map?.get('roots'), map?.get('serial')];
  if (map?.get('accountId') !== accountId || !(roots instanceof Map) || !isCount(serial, 1, Number.MAX_SAFE_INTEGER)) return null;
  const entries = [...roots].filter((entry): entry is [number, Uint8Array] => Number.isInteger(entry[0]) && isOctets(entry[1], KEY_OCTETS));
  const names = map?.has('names') ? parseNames(map.get('names')) : undefined;
  const isWhole = entries.length === roots.size && names !== null && (names !== undefined || roots.has(1));
  return isWhole ? { roots: new Map(entries), serial, ...(names && { names }) } : null;
}

function parseNames(names: unknown): NameKeys | null {
  if (!(names instanceof Map)) return null;
  const [id, content, localDatabase] = [names.get('id'), names.get('content'), names.get('localDatabase')];
  return [id, content, localDatabase].every((key) => isOctets(key, KEY_OCTETS)) ? { id, content, localDatabase } : null;
}

function formatWrap(wrap: VaultWrap): Record<string, unknown> {
  if (wrap.kind !== 'passphrase') return { kind: wrap.kind, wrapped: wrap.wrapped };
  return { kind: wrap.kind, salt: wrap.salt, parameters: { ...wrap.cost }, wrapped: wrap.wrapped };
}

function parseWrap(wrap: unknown): VaultWrap | null {
  if (!(wrap instanceof Map)) return null;
  const [kind, wrapped, salt] = [wrap.get('kind'), wrap.get('wrapped'), wrap.get('salt')];
  if (!isOctets(wrapped, WRAPPED_KEY_OCTETS)) return null;
  if (kind === 'login' || kind === 'recovery') return { kind, wrapped };
  const cost = parseCost(wrap.get('parameters'));
  return kind === 'passphrase' && isOctets(salt) && cost ? { kind, salt, cost, wrapped } : null;
}

function parseCost(parameters: unknown): Argon2Cost | null {
  if (!(parameters instanceof Map)) return null;
  const [memoryKib, passes, lanes] = [parameters.get('memoryKib'), parameters.get('passes'), parameters.get('lanes')];
  if (!isCount(lanes, 1, MAX_COST.lanes) || !isCount(passes, 1, MAX_COST.passes)) return null;
  return isCount(memoryKib, 8 * lanes, MAX_COST.memoryKib) ? { memoryKib, passes, lanes } : null;
}

function isCount(value: unknown, least: number, most: number): value is number {
  return Number.isInteger(value) && Number(value) >= least && Number(value) <= most;
}

function isOctets(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

function decodeMap(bytes: Uint8Array): Map<unknown, unknown> | null {
  try {
    const value: unknown = decode(bytes, { useMaps: true, rejectDuplicateMapKeys: true });
    return value instanceof Map ? value : null;
  } catch {
    return null;
  }
}
