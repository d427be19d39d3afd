import { readFileSync } from 'node:fs';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { StartError } from './start-error.js';

export const portNumber = z.int().min(0).max(65_535);

export function isLoopback(address: string): boolean {
  return address === 'localhost' || address === '::1' || address.startsWith('127.');
}

/** Certificate and key come together or not at all. For `.refine`, with `TLS_PAIR_MESSAGE`. */
export function isTlsPair({ tlsCertFile, tlsKeyFile }: { tlsCertFile?: string | undefined; tlsKeyFile?: string | undefined }): boolean {
  return (tlsCertFile === undefined) === (tlsKeyFile === undefined);
}
export const TLS_PAIR_MESSAGE = 'needs both tlsCertFile and tlsKeyFile, or neither';

/**
 * Reads a TOML file by its schema. `databaseUrl` of the file goes before DATABASE_URL of the environment; one of them must be there.
 * @throws {StartError} "badConfiguration" with a sentence that names file and key
 */
export function readConfigurationFile<Schema extends z.ZodType<{ databaseUrl?: string | undefined }>>(
  file: string, schema: Schema, environment: NodeJS.ProcessEnv,
): z.output<Schema> & { databaseUrl: string } {
  const parsed = schema.safeParse(readToml(file));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new StartError('badConfiguration', `${file}: ${issue?.path.join('.') || 'the file'}: ${issue?.message ?? 'not valid'}`);
  }
  const databaseUrl = parsed.data.databaseUrl ?? environment['DATABASE_URL'];
  if (!databaseUrl) throw new StartError('badConfiguration', `${file}: databaseUrl is missing and DATABASE_URL is not set`);
  return { ...parsed.data, databaseUrl };
}

function readToml(file: string): unknown {
  try {
    return parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : '';
    throw new StartError('badConfiguration', `${file} cannot be read: ${reason}`, { cause });
  }
}
