#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50
// paloma-provider-mx [serve | dns [--check] | queue …] --config FILE
// On stdout one JSON line when ready, or what the command prints; logs go to stderr.

import 'reflect-metadata';
import { readArguments, StartError } from '@paloma/provider-runtime';
import { systemClock } from '@paloma/shared-model';
import { parseCommandLine, type CommandLine } from './config/command-line.js';
import { loadConfiguration, type Configuration } from './config/configuration.js';
import { loadQueueKey } from './config/secret-files.js';
import { checkZone, zoneOf } from './dns/dns-command.js';
import { PublishedRecords } from './dns/published-records.js';
import { Log } from './logging/log.js';
import { connectDatabase } from './database/connect.js';
import { runQueueCommand, type QueueCommand } from './outgoing/queue-command.js';
import { QueueControl } from './outgoing/queue-control.js';
import { ProviderMx } from './provider-mx.js';

const log = new Log();

async function serve(configuration: Configuration): Promise<void> {
  const providerMx = await ProviderMx.start(configuration, log);
  const stop = (): void => void providerMx.stop().then(() => process.exit(0), fail);
  process.once('SIGTERM', stop).once('SIGINT', stop);
  print(JSON.stringify({ event: 'ready', ports: providerMx.ports }));
}

async function dns(configuration: Configuration, { isCheck, server }: Extract<CommandLine, { command: 'dns' }>): Promise<void> {
  if (!isCheck) return print(zoneOf(configuration));
  const isPublished = await checkZone(configuration, new PublishedRecords(server), print);
  process.exitCode = isPublished ? 0 : 1;
}

async function queue({ databaseUrl, stateDirectory }: Configuration, command: QueueCommand): Promise<void> {
  const dataSource = await connectDatabase(databaseUrl);
  try {
    await runQueueCommand(command, new QueueControl(dataSource, () => loadQueueKey(stateDirectory)), systemClock, print);
  } finally {
    await dataSource.destroy();
  }
}

function run(commandLine: CommandLine, configuration: Configuration): Promise<void> {
  switch (commandLine.command) {
    case 'serve': return serve(configuration);
    case 'dns': return dns(configuration, commandLine);
    case 'queue': return queue(configuration, commandLine.queue);
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One sentence for whoever started the program; what nobody foresaw goes to the log instead. */
function fail(error: unknown): void {
  if (error instanceof StartError) process.stderr.write(`provider-mx: ${error.message}\n`);
  else log.bug(error);
  process.exit(1);
}

try {
  const commandLine = parseCommandLine(await readArguments(process.argv.slice(2), process.stdin));
  const configuration = loadConfiguration(commandLine.configFile, process.env);
  await run(commandLine, configuration);
} catch (error) {
  fail(error);
}
