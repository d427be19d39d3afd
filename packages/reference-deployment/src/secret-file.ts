import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const random256 = async (): Promise<string> => randomBytes(32).toString('base64url');

/** Text of a secret kept in a file of mode 0600; made on first use, by default 256 random bits in base64url. */
export async function ensureSecretFile(path: string, make: () => Promise<string> = random256): Promise<string> {
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const secret = await make();
  writeFileSync(path, secret, { mode: 0o600 });
  return secret;
}
