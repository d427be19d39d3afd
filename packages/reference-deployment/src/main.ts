// `npm start`: the reference deployment on loopback. One provider, two users' machines, all with their default ports.

import { join, resolve } from 'node:path';
import { DeploymentError, explainSystemError } from './deployment-error.js';
import { Provider } from './provider.js';
import { startReadyMadeUser, type ReadyMadeUser } from './ready-made-user.js';
import { RunningLock } from './running-lock.js';
import { formatSummary } from './summary.js';

const DOMAIN = 'paloma.test';
/** Added to every port, for a machine where the usual ones are taken. */
const PORT_OFFSET = Number(process.env['PALOMA_PORT_OFFSET'] ?? 0);
const PROVIDER_PORTS = { users: 4430 + PORT_OFFSET, services: 4431 + PORT_OFFSET, mx: 2525 + PORT_OFFSET, submission: 4650 + PORT_OFFSET };
const USERS = [
  { name: 'alice', ports: { imap: 1984 + PORT_OFFSET, smtp: 2013 + PORT_OFFSET, http: 7070 + PORT_OFFSET } },
  { name: 'bob', ports: { imap: 1985 + PORT_OFFSET, smtp: 2014 + PORT_OFFSET, http: 7071 + PORT_OFFSET } },
];

const progress = (sentence: string): void => void process.stdout.write(`${sentence} …\n`);

/** Everything that runs, in the order it was started; stopped in the opposite order. */
class Running {
  readonly #stops: (() => Promise<void> | void)[] = [];

  add(stop: () => Promise<void> | void): void {
    this.#stops.unshift(stop);
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }
}

interface Deployment {
  provider: Provider;
  users: ReadyMadeUser[];
}

async function start(directory: string, running: Running): Promise<Deployment> {
  const lock = RunningLock.take(directory);
  running.add(() => lock.release());
  const provider = await Provider.start({ directory: join(directory, 'provider'), domain: DOMAIN, ports: PROVIDER_PORTS, progress });
  running.add(() => provider.stop());
  const users: ReadyMadeUser[] = [];
  for (const { name, ports } of USERS) {
    progress(`Starting ${name}'s daemon`);
    const user = await startReadyMadeUser(name, join(directory, name), provider, ports);
    running.add(() => user.device.stop());
    users.push(user);
  }
  return { provider, users };
}

/** Resolves with the name of the first program that ends. */
function firstToEnd({ provider, users }: Deployment): Promise<string> {
  const ended = [
    { name: 'provider-sync', process: provider.sync },
    { name: 'provider-mx', process: provider.mx },
    ...users.map(({ name, device }) => ({ name: `${name}'s daemon`, process: device.process })),
  ];
  return Promise.race(ended.map(({ name, process }) => process.ended().then(() => name)));
}

/** Resolves on Ctrl-C, SIGTERM or a closed terminal. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve());
  });
}

async function main(): Promise<void> {
  const directory = resolve(process.env['PALOMA_HOME'] ?? '.paloma');
  const running = new Running();
  const stopRequested = stopSignal().then(() => 'stop requested' as const);
  try {
    const deployment = await start(directory, running);
    process.stdout.write(formatSummary(deployment.provider, deployment.users));
    const ending = await Promise.race([stopRequested, firstToEnd(deployment)]);
    if (ending !== 'stop requested') throw new DeploymentError('processFailed', `${ending} ended unexpectedly; its log is below ${directory}.`);
    progress('Stopping');
  } catch (error) {
    const explained = explainSystemError(error, directory);
    process.stderr.write(`${explained instanceof Error ? explained.message : String(explained)}\n`);
    process.exitCode = 1;
  } finally {
    await running.stop();
  }
}

await main();
process.exit();
