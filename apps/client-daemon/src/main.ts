#!/usr/bin/env -S node --max-semi-space-size=16 --heap-growing-percent=50 --conditions=paloma-device
// The program `palomad --config FILE`. One JSON line on standard output when it serves, one sentence on standard error and exit
// code 1 when it cannot, SIGTERM or SIGINT to stop.

import { parseArgs } from 'node:util';
import { loadDaemonConfig } from './config/daemon-config.js';
import { Daemon } from './daemon.js';
import { DaemonError } from './daemon-error.js';
import { createLog } from './log.js';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' } } });
  const log = createLog();
  const daemon = await Daemon.start(loadDaemonConfig(values.config ?? null), log);
  const stop = (): void => {
    process.off('SIGTERM', stop).off('SIGINT', stop);
    void daemon.stop().then(() => process.exit(0), (error: unknown) => {
      log.error({ err: error }, 'did not stop cleanly');
      process.exit(1);
    });
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  process.stdout.write(`${JSON.stringify({ event: 'ready', ports: daemon.ports })}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof DaemonError ? error.message : (error as Error).stack}\n`);
  process.exit(1);
});
