#!/usr/bin/env -S node --max-semi-space-size=8 --heap-growing-percent=50
// paloma-provider-sync [serve | invite | alias … | account …] --config FILE
// On stdout one JSON line when ready ({"event":"ready","ports":{"users":n,"services":n}}), or what the command prints; logs go to stderr.

import 'reflect-metadata';
import { systemRandom } from '@paloma/crypto/public';
import { systemClock } from '@paloma/shared-model';
import { runAccountCommand, type AccountCommand } from './accounts/account-command.js';
import { runAliasCommand, type AliasCommand } from './accounts/alias-command.js';
import { createInvitation } from './accounts/invite.js';
import { TypeormAccountControl } from './accounts/typeorm-account-control.js';
import { TypeormAccountRepository } from './accounts/typeorm-account.repository.js';
import { TypeormAliasRepository } from './accounts/typeorm-alias.repository.js';
import { DiskBlobDirectory } from './blobs/disk-blob-directory.js';
import { parseCommandLine, type CommandLine } from './config/command-line.js';
import { loadConfiguration, type Configuration } from './config/configuration.js';
import { connectDatabase } from './database/connect.js';
import { Database } from './database/database.js';
import { Log } from './logging/log.js';
import { readArguments, StartError } from '@paloma/provider-runtime';
import { startProvider } from './start-provider.js';

const log = new Log();

async function serve(configuration: Configuration): Promise<void> {
  const provider = await startProvider(configuration, { log });
  const stop = async (): Promise<void> => {
    log.event('stopping');
    await provider.stop();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());
  process.stdout.write(`${JSON.stringify({ event: 'ready', ports: provider.ports })}\n`);
}

function invite(configuration: Configuration): Promise<void> {
  return withDatabase(configuration, async (database) => {
    const code = await createInvitation(new TypeormAccountRepository(database), systemClock, systemRandom);
    process.stdout.write(`${code.reveal()}\n`);
  });
}

function alias(configuration: Configuration, command: AliasCommand): Promise<void> {
  return withDatabase(configuration, async (database) => {
    for (const line of await runAliasCommand(command, new TypeormAliasRepository(database), configuration.domain)) process.stdout.write(`${line}\n`);
  });
}

function account(configuration: Configuration, command: AccountCommand): Promise<void> {
  return withDatabase(configuration, async (database) => {
    const accounts = new TypeormAccountControl(database, new DiskBlobDirectory(configuration.blobDirectory, systemRandom));
    for (const line of await runAccountCommand(command, accounts, systemClock)) process.stdout.write(`${line}\n`);
  });
}

async function withDatabase(configuration: Configuration, work: (database: Database) => Promise<void>): Promise<void> {
  const dataSource = await connectDatabase(configuration.databaseUrl);
  await work(new Database(dataSource)).finally(() => dataSource.destroy());
}

function run(commandLine: CommandLine): Promise<void> {
  const configuration = loadConfiguration(commandLine.configFile, process.env);
  switch (commandLine.command) {
    case 'serve': return serve(configuration);
    case 'invite': return invite(configuration);
    case 'alias': return alias(configuration, commandLine.alias);
    case 'account': return account(configuration, commandLine.account);
  }
}

try {
  await run(parseCommandLine(await readArguments(process.argv.slice(2), process.stdin)));
} catch (error) {
  if (error instanceof StartError) process.stderr.write(`provider-sync: ${error.message}\n`);
  else log.bug(error);
  process.exit(1);
}
