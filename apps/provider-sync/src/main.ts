#!/usr/bin/env node
// paloma-provider-sync [serve|invite] --config FILE
// On stdout one JSON line when ready ({"event":"ready","ports":{"users":n,"services":n}}), or the invitation; logs go to stderr.

import 'reflect-metadata';
import { systemRandom } from '@paloma/crypto/public';
import { systemClock } from '@paloma/shared-model';
import { createInvitation } from './accounts/invite.js';
import { TypeormAccountRepository } from './accounts/typeorm-account.repository.js';
import { parseCommandLine } from './config/command-line.js';
import { loadConfiguration, type Configuration } from './config/configuration.js';
import { connectDatabase } from './database/connect.js';
import { Database } from './database/database.js';
import { Log } from './logging/log.js';
import { StartError } from '@paloma/provider-runtime';
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

async function invite(configuration: Configuration): Promise<void> {
  const dataSource = await connectDatabase(configuration.databaseUrl);
  const code = await createInvitation(new TypeormAccountRepository(new Database(dataSource)), systemClock, systemRandom);
  process.stdout.write(`${code.reveal()}\n`);
  await dataSource.destroy();
}

try {
  const { command, configFile } = parseCommandLine(process.argv.slice(2));
  await { serve, invite }[command](loadConfiguration(configFile, process.env));
} catch (error) {
  if (error instanceof StartError) process.stderr.write(`provider-sync: ${error.message}\n`);
  else log.bug(error);
  process.exit(1);
}
