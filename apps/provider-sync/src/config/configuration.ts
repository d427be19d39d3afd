// What the operator decides. One TOML file; every key has a default except those that only the operator can know.
// config.example.toml documents each key; if you add one, add it there.

import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { canonicalAddress, parseMailAddress, type MailAddress } from '@paloma/shared-model';
import { REGISTRATION_POLICIES } from '@paloma/sync-protocol';
import { isReservedName } from '../accounts/reserved-names.js';
import { TLS_PAIR_MESSAGE, isLoopback, isTlsPair, portNumber as port, readConfigurationFile } from '@paloma/provider-runtime';

const GIB = 1024 ** 3;

const users = z.strictObject({
  bind: z.string().default('127.0.0.1'),
  port: port.default(4430),
  tlsCertFile: z.string().optional(),
  tlsKeyFile: z.string().optional(),
  publicUrl: z.url(),
})
  .refine(isTlsPair, TLS_PAIR_MESSAGE)
  .refine(({ tlsCertFile, bind }) => tlsCertFile !== undefined || isLoopback(bind), 'needs tlsCertFile and tlsKeyFile unless bind is a loopback address');

const services = z.strictObject({ bind: z.string().default('127.0.0.1'), port: port.default(4431), tokenFile: z.string() });

const mailAddress = z.string().transform((text, context): MailAddress => {
  try {
    return canonicalAddress(parseMailAddress(text));
  } catch {
    context.addIssue('must be a mail address');
    return z.NEVER;
  }
});

const configuration = z.strictObject({
  domain: z.string().regex(/^[a-z0-9.-]+$/, 'must be a domain in lower-case ASCII form'),
  databaseUrl: z.string().optional(),
  blobDirectory: z.string(),
  stateDirectory: z.string(),
  registration: z.enum(REGISTRATION_POLICIES).default('invite'),
  quotaBytes: z.int().positive().default(10 * GIB),
  users,
  services,
  /** Who gets the mail for names that nobody may sign up for; without a line it is refused. */
  reservedNames: z.record(z.string().refine(isReservedName, 'must be a reserved name'), mailAddress).default({}),
  submission: z.strictObject({ host: z.string(), port: port.min(1).default(465) }),
  /** Else the log knows peers by pseudonyms of the day. */
  logging: z.strictObject({ peerAddressesInTheClear: z.boolean().default(false) }).prefault({}),
});

export type Configuration = z.output<typeof configuration> & { databaseUrl: string };

/**
 * Reads the configuration file; paths in it are relative to the file. `databaseUrl` of the file goes before DATABASE_URL.
 * @throws {StartError} "badConfiguration"
 */
export function loadConfiguration(file: string, environment: NodeJS.ProcessEnv): Configuration {
  return withAbsolutePaths(readConfigurationFile(file, configuration, environment), dirname(resolve(file)));
}

function withAbsolutePaths(settings: Configuration, base: string): Configuration {
  const { users: { tlsCertFile, tlsKeyFile }, services: { tokenFile } } = settings;
  return {
    ...settings,
    blobDirectory: resolve(base, settings.blobDirectory),
    stateDirectory: resolve(base, settings.stateDirectory),
    users: { ...settings.users, ...(tlsCertFile && tlsKeyFile && { tlsCertFile: resolve(base, tlsCertFile), tlsKeyFile: resolve(base, tlsKeyFile) }) },
    services: { ...settings.services, tokenFile: resolve(base, tokenFile) },
  };
}
