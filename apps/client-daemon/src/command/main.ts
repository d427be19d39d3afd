#!/usr/bin/env node
// The program `paloma`: steers a daemon that runs, over its control API.

import { runCommand } from './run-command.js';
import { SecretInput } from './secret-input.js';

const secrets = new SecretInput(process.stdin, process.stderr);

function untilInterrupted(): AbortSignal {
  const interruption = new AbortController();
  process.once('SIGINT', () => interruption.abort());
  return interruption.signal;
}

process.exitCode = await runCommand(process.argv.slice(2), {
  environment: process.env, untilInterrupted, secret: (what, kind) => secrets.ask(what, kind),
  out: (text) => void process.stdout.write(text), err: (text) => void process.stderr.write(text),
});
process.stdin.destroy();
