// What the operator decides. One TOML file; every key has a default except those that only the operator can know.
// config.example.toml documents each key; if you add one, add it there.

import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { MAX_MESSAGE_BYTES, MAX_RECIPIENTS } from '@paloma/shared-model';
import { TLS_PAIR_MESSAGE, isLoopback, isTlsPair, portNumber as port, readConfigurationFile } from '@paloma/provider-runtime';

const MINUTE_S = 60;
const HOUR_S = 60 * MINUTE_S;
const DAY_S = 24 * HOUR_S;

const domainName = z.string().regex(/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/, 'must be a domain in lower-case ASCII form');
const hostAndPort = z.string().regex(/^(?:\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'must be "host:port"');

const dnsServer = z.string().regex(/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:]+\])(?::\d{1,5})?$/, 'must be "address" or "address:port"');

const listenerKeys = {
  bind: z.string(),
  port,
  tlsCertFile: z.string().optional(),
  tlsKeyFile: z.string().optional(),
};
const listener = z.strictObject(listenerKeys).refine(isTlsPair, TLS_PAIR_MESSAGE);

const submission = z.strictObject({
  ...listenerKeys,
  /** A second port, where TLS begins with STARTTLS; for mail programs that know no better (RFC 8314 §3.3). */
  startTlsPort: port.optional(),
  /** Of one account. What is over either is refused until the hour is over. */
  messagesPerHour: z.int().positive().default(300),
  recipientsPerHour: z.int().min(MAX_RECIPIENTS).default(1500),
}).refine(isTlsPair, TLS_PAIR_MESSAGE).refine(({ startTlsPort, tlsCertFile }) => startTlsPort === undefined || tlsCertFile !== undefined, 'startTlsPort needs tlsCertFile and tlsKeyFile').refine(
  ({ tlsCertFile, bind }) => tlsCertFile !== undefined || isLoopback(bind),
  'needs tlsCertFile and tlsKeyFile unless bind is a loopback address: passwords pass here',
);

/** Where a program of the operator's own reaches us: a Unix socket, or a port of this machine. Whoever connects is believed. */
const localListener = z.strictObject({
  socket: z.string().optional(),
  bind: z.string().refine(isLoopback, 'must be a loopback address').default('127.0.0.1'),
  port: port.optional(),
}).refine(({ socket, port: own }) => (socket === undefined) !== (own === undefined), 'needs either socket or port');

const suppression = z.strictObject({
  /** A recipient whose address led nowhere this many times is refused at submission, to that sender. */
  afterFailures: z.int().positive().default(3),
  /** For so long after the last failure; failures count for as long. */
  forSeconds: z.number().positive().default(7 * DAY_S),
});

const retry = z.strictObject({
  /** Waits after the first, second, … failed attempt; the last one repeats. The first are short: a restart of our own programs takes seconds. */
  delaysSeconds: z.array(z.number().positive()).min(1).default([15, MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, 30 * MINUTE_S, HOUR_S, 2 * HOUR_S, 4 * HOUR_S]),
  /** After this a message that could not be delivered comes back. RFC 5321 §4.5.4.1 asks for four to five days. */
  giveUpAfterSeconds: z.number().positive().default(5 * DAY_S),
  /** After this the sender is told, once, that a message is still waiting. */
  delayNoticeAfterSeconds: z.number().positive().default(4 * HOUR_S),
  /** How long recipients stay with a worker that does not renew its hold: what a killed process was sending waits this long. */
  leaseSeconds: z.number().positive().default(MINUTE_S),
  /** How often the queue is looked at when nobody wakes the worker. */
  pollSeconds: z.number().positive().default(30),
});

const relay = z.strictObject({
  /** Attempts at once in one process; each holds one message in memory. */
  attempts: z.int().positive().default(4),
  /** Attempts at once for one domain, all processes together: more looks like a flood there, and would keep mail for others waiting here. */
  attemptsPerDomain: z.int().positive().default(2),
});

const authentication = z.strictObject({
  /** "apply": what fails DMARC and shall be rejected is refused; "record": it is only noted in the message. */
  policy: z.enum(['apply', 'record']).default('apply'),
  /** Networks whose mail is not examined: ourselves, and an MTA of our own in front, which has examined it. */
  trustedPeers: z.array(z.union([z.cidrv4(), z.cidrv6()])).default(['127.0.0.0/8', '::1/128']),
});

/** In a minute, of mail from outside; peers of `authentication.trustedPeers` have none. */
const limits = z.strictObject({
  connectionsPerPeer: z.int().positive().default(120),
  messagesPerPeer: z.int().positive().default(600),
  messagesPerRecipient: z.int().positive().default(300),
});

/** Of TLS with the hosts of domains that ask for them (RFC 8460), once a day. */
const tlsReports = z.strictObject({ send: z.boolean().default(true) });

const plugins = z.strictObject({
  /** Holds `config/` with the settings of plugins, and `plugins/` with those that are files of the operator's own. */
  directory: z.string(),
  /** Haraka plugins, in the order in which they run. */
  list: z.array(z.string().regex(/^[\w./-]+$/, 'must be the name of a plugin')).min(1),
});

const configuration = z.strictObject({
  domain: domainName,
  hostname: domainName,
  databaseUrl: z.string().optional(),
  stateDirectory: z.string(),
  mx: listener,
  submission,
  /** Mail that another MTA has accepted for us. */
  lmtp: localListener.optional(),
  /** What another MTA asks before it accepts: Postfix's socketmap_table(5). */
  socketmap: localListener.optional(),
  /** Numbers and health over HTTP. */
  metrics: localListener.optional(),
  services: z.strictObject({ url: z.url(), tokenFile: z.string() }),
  /** `servers`: whom to ask instead of the system's resolver. The others: what `paloma-provider-mx dns` needs to know. */
  dns: z.strictObject({ usersHostname: domainName.optional(), reportAddress: z.email().optional(), servers: z.array(dnsServer).default([]) }).prefault({}),
  authentication: authentication.prefault({}),
  tlsReports: tlsReports.prefault({}),
  limits: limits.prefault({}),
  plugins: plugins.optional(),
  routes: z.record(z.union([z.literal('*'), domainName]), hostAndPort).default({}),
  maxMessageBytes: z.int().positive().default(MAX_MESSAGE_BYTES),
  /** Octets of messages in memory, all listeners together; senders of more wait. */
  maxBytesInFlight: z.int().positive().default(64 * 1024 * 1024),
  relay: relay.prefault({}),
  retry: retry.prefault({}),
  suppression: suppression.prefault({}),
  /** Else the log knows peers by pseudonyms of the day. */
  logging: z.strictObject({ peerAddressesInTheClear: z.boolean().default(false) }).prefault({}),
}).refine(({ maxMessageBytes, maxBytesInFlight }) => maxBytesInFlight >= maxMessageBytes, 'maxBytesInFlight must not be below maxMessageBytes');

export type Configuration = z.output<typeof configuration> & { databaseUrl: string };
export type ListenerConfiguration = z.output<typeof listener>;
export type LocalListenerConfiguration = z.output<typeof localListener>;
export type RelayConfiguration = z.output<typeof relay>;
export type RetryConfiguration = z.output<typeof retry>;

/**
 * Reads the configuration file; paths in it are relative to the file. `databaseUrl` of the file goes before DATABASE_URL.
 * @throws {StartError} "badConfiguration"
 */
export function loadConfiguration(file: string, environment: NodeJS.ProcessEnv): Configuration {
  return withAbsolutePaths(readConfigurationFile(file, configuration, environment), dirname(resolve(file)));
}

function withAbsolutePaths(settings: Configuration, base: string): Configuration {
  const absolute = <Listener extends ListenerConfiguration>(listening: Listener): Listener => ({
    ...listening,
    ...(listening.tlsCertFile !== undefined && { tlsCertFile: resolve(base, listening.tlsCertFile) }),
    ...(listening.tlsKeyFile !== undefined && { tlsKeyFile: resolve(base, listening.tlsKeyFile) }),
  });
  const absoluteSocket = (listening: LocalListenerConfiguration): LocalListenerConfiguration =>
    (listening.socket === undefined ? listening : { ...listening, socket: resolve(base, listening.socket) });
  return {
    ...settings,
    stateDirectory: resolve(base, settings.stateDirectory),
    mx: absolute(settings.mx),
    submission: absolute(settings.submission),
    ...(settings.lmtp !== undefined && { lmtp: absoluteSocket(settings.lmtp) }),
    ...(settings.metrics !== undefined && { metrics: absoluteSocket(settings.metrics) }),
    ...(settings.socketmap !== undefined && { socketmap: absoluteSocket(settings.socketmap) }),
    services: { ...settings.services, tokenFile: resolve(base, settings.services.tokenFile) },
    ...(settings.plugins !== undefined && { plugins: { ...settings.plugins, directory: resolve(base, settings.plugins.directory) } }),
  };
}
