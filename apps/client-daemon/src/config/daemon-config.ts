// Configuration of the daemon: a TOML file, every member with a default, port 0 for "any free one".

import { readFileSync } from 'node:fs';
import { BlockList, isIPv6 } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { z } from 'zod';
import { DEFAULT_IMAP_PORT, DEFAULT_SMTP_PORT } from '@paloma/shared-model';
import { DaemonError } from '../daemon-error.js';

const port = z.number().int().min(0).max(65_535);
const LOOPBACK = ['127.0.0.1', '::1'];
const loopbackAddresses = new BlockList();
loopbackAddresses.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackAddresses.addAddress('::1', 'ipv6');

const address = z.union([z.ipv4(), z.ipv6()]);
/** Files in PEM. */
const tls = z.strictObject({ certificateFile: z.string().min(1), keyFile: z.string().min(1) });

/** Mail is readable behind these listeners: beyond this machine they go with TLS alone, and when it is said that this is meant. */
const listener = (defaultPort: number) => z.strictObject({
  bind: z.union([address.transform((one) => [one]), z.array(address).min(1).max(8)]).default(LOOPBACK),
  port: port.default(defaultPort),
  tls: tls.optional(),
  beyondLoopback: z.boolean().default(false),
}).prefault({}).refine((listening) => listening.bind.every(isLoopback) || (listening.tls !== undefined && listening.beyondLoopback), {
  path: ['bind'], message: 'an address beyond this machine needs "tls" and "beyondLoopback = true"',
});

function isLoopback(one: string): boolean {
  return loopbackAddresses.check(one, isIPv6(one) ? 'ipv6' : 'ipv4');
}

const daemonConfig = z.strictObject({
  stateDirectory: z.string().min(1).default(join(homedir(), '.local', 'state', 'paloma')),
  /** PEM of an authority to trust for the provider beside the public ones. */
  providerCaFile: z.string().optional(),
  /** Domain → origin (`https://host:port`) of its key directory, where it is not where the standard puts it. */
  keyDirectoryRoutes: z.record(z.string(), z.url({ protocol: /^https$/ })).default({}),
  /** MiB of blobs (attachments and large bodies) that each account keeps on this machine; the others are fetched when they are read. Absent: all that were here. */
  blobBudgetMiB: z.number().int().min(0).optional(),
  imap: listener(DEFAULT_IMAP_PORT),
  smtp: listener(DEFAULT_SMTP_PORT),
  /** Always on 127.0.0.1 and ::1: `localhost` is the name of the mail view. */
  http: z.strictObject({ port: port.default(7070) }).prefault({}),
});
export type DaemonConfig = z.infer<typeof daemonConfig>;
export type ListenerConfig = DaemonConfig['imap'];

/** @throws {DaemonError} "badConfig" with one sentence that names the member */
export function loadDaemonConfig(path: string | null): DaemonConfig {
  const result = daemonConfig.safeParse(path === null ? {} : parseToml(path));
  if (result.success) return result.data;
  const issue = result.error.issues[0]!;
  throw new DaemonError('badConfig', `The configuration file ${path} is wrong at "${issue.path.join('.')}": ${issue.message}.`);
}

function parseToml(path: string): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new DaemonError('badConfig', `The configuration file ${path} cannot be read: ${(error as Error).message.split('\n')[0]}.`, { cause: error });
  }
}
