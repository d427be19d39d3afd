#!/usr/bin/env node
import 'reflect-metadata';
import { parseCommandLine } from './config/command-line.js';
import { loadConfiguration } from './config/configuration.js';
import { Log } from './logging/log.js';
import { ProviderMx } from './provider-mx.js';
import { StartError } from '@paloma/provider-runtime';

async function main(): Promise<void> {
  const { configFile } = parseCommandLine(process.argv.slice(2));
  const log = new Log();
  const providerMx = await ProviderMx.start(loadConfiguration(configFile, process.env), log);
  const stop = (): void => void providerMx.stop().then(() => process.exit(0), (error: unknown) => fail(error, log));
  process.once('SIGTERM', stop).once('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ event: 'ready', ports: providerMx.ports })}\n`);
}

/** One sentence for whoever started the program; what nobody foresaw goes to the log instead. */
function fail(error: unknown, log = new Log()): void {
  if (error instanceof StartError) process.stderr.write(`provider-mx: ${error.message}\n`);
  else log.bug(error);
  process.exit(1);
}

main().catch((error: unknown) => fail(error));
