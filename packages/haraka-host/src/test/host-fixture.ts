// A host with plugins on an SMTP server on port 0, and a directory of settings that the test writes.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from '@jest/globals';
import { startNameServer } from '@paloma/test-kit/name-server';
import type { SMTPServer, SMTPServerOptions } from 'smtp-server';
import { startHarakaHost, type HarakaHost, type HarakaHostOptions, type LogLine } from '../index.js';
import { Peer } from './peer.js';

const PACKAGE_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url));

/** Knows no name: for who brings no name server of their own, so that no test asks the machine's and waits for what the network says. */
const namelessServer = startNameServer({});
afterAll(async () => (await namelessServer).stop());

export async function namelessAddress(): Promise<string> {
  return (await namelessServer).address;
}

export interface Fixture {
  /** A new one for each host: haraka-config remembers what it has read. */
  directory: string;
  host: HarakaHost;
  server: SMTPServer;
  port: number;
  /** The messages that nobody else took over, as they were handed on. */
  delivered: Buffer[];
  /** What the host reported: code, plugin, hook. */
  failures: string[];
  logLines: LogLine[];
  connect(address?: string): Promise<Peer>;
  /** May be called again. */
  stop(): Promise<void>;
}

export interface FixtureInput {
  plugins: readonly string[];
  /** Contents by path below `directory`. */
  files?: Readonly<Record<string, string>>;
  host?: Partial<HarakaHostOptions>;
  /** `null`: the program has no handlers of its own, plugins alone take recipients and mail. */
  smtp?: SMTPServerOptions | null;
}

export async function startFixture({ plugins, files = {}, host: hostOptions = {}, smtp = {} }: FixtureInput): Promise<Fixture> {
  const directory = mkdtempSync(join(tmpdir(), 'haraka-host-'));
  writeFiles(directory, { 'config/loglevel': 'INFO', ...files });
  const delivered: Buffer[] = [];
  const failures: string[] = [];
  const logLines: LogLine[] = [];
  const host = await startHarakaHost({
    directory,
    plugins,
    furtherDirectories: [PACKAGE_DIRECTORY],
    dnsServers: [await namelessAddress()],
    events: { onFailure: (code, plugin, hook) => failures.push(`${code} ${plugin} ${hook}`), onLogLine: (line) => logLines.push(line) },
    ...hostOptions,
  });
  const server = host.createServer({ name: 'mx.example', disabledCommands: ['AUTH', 'STARTTLS'], useProxy: ['127.0.0.1'], ...(smtp === null ? {} : { ...ownHandlers(delivered), ...smtp }) });
  server.on('error', () => undefined);
  const port = await new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.server.address() as { port: number }).port)));
  const peers: Peer[] = [];
  return {
    directory, host, server, port, delivered, failures, logLines,
    connect: async (address) => {
      const peer = await Peer.connect(port, address);
      peers.push(peer);
      return peer;
    },
    stop: async () => {
      if (!server.server.listening) return;
      for (const peer of peers) peer.close();
      await new Promise<void>((resolve) => server.close(resolve));
      await host.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

export function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
}

/** Takes every recipient at here.example, and every message. */
function ownHandlers(delivered: Buffer[]): SMTPServerOptions {
  return {
    onRcptTo: ({ address }, _session, callback) => callback(address.endsWith('@here.example') ? null : Object.assign(new Error('5.7.1 no relaying here'), { responseCode: 550 })),
    onData: (stream, _session, callback) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        delivered.push(Buffer.concat(chunks));
        callback(null, 'delivered');
      });
    },
  };
}
