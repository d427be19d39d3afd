// `secrets.json`: what a device needs to unlock its store without the network. It holds the vault with a passphrase wrap, which is
// as strong as Argon2id makes the passphrase, and no address, token or replica uid.

import { chmod, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseAccountId, type AccountId } from '@paloma/shared-model';
import { StoreError } from '../store-error.js';

export interface Secrets {
  accountId: AccountId;
  /** docs/protocol/envelope.md §6, with a `passphrase` wrap; with two while it is not known which one the provider takes. */
  vault: Uint8Array;
  /** A change of the passphrase was begun here and its outcome is not known. */
  isUnsettled: boolean;
  /** Digest of a vault that the provider gave and that could not come after this one, nor be opened with the passphrase in force. */
  refusedVault?: string;
}

const VERSION = 1;
/** A vault is at most 64 KiB; the rest is small. */
const MAX_FILE_BYTES = 256 * 1024;

/** Null when there is no file. @throws {StoreError} "needsNewerVersion"; "openFailed" for a damaged file */
export async function loadSecrets(path: string): Promise<Secrets | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : parseSecrets(text);
}

/** Replaces the file in one step, readable by its owner alone: a crash leaves the old or the new one, whole. */
export async function saveSecrets(path: string, { accountId, vault, isUnsettled, refusedVault }: Secrets): Promise<void> {
  const text = `${JSON.stringify({ v: VERSION, accountId, vault: Buffer.from(vault).toString('base64url'), ...(isUnsettled && { isUnsettled }), refusedVault })}\n`;
  const draftPath = `${path}.new`;
  await rm(draftPath, { force: true });
  await writeDurably(draftPath, text);
  await rename(draftPath, path);
  await syncDirectory(dirname(path));
}

function parseSecrets(text: string): Secrets {
  const damaged = new StoreError('openFailed', 'the secrets file is damaged');
  if (text.length > MAX_FILE_BYTES) throw damaged;
  const { v, accountId, vault, isUnsettled, refusedVault } = parseObject(text) ?? {};
  if (typeof v === 'number' && v > VERSION) throw new StoreError('needsNewerVersion', `secrets file of version ${v}`);
  if (v !== VERSION || typeof accountId !== 'string' || typeof vault !== 'string') throw damaged;
  return { accountId: parseAccountId(accountId), vault: new Uint8Array(Buffer.from(vault, 'base64url')), isUnsettled: isUnsettled === true, ...(typeof refusedVault === 'string' && { refusedVault }) };
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(path, 0o600);
}

/** Makes the rename itself outlive a power cut. Windows has no such thing and needs none. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
