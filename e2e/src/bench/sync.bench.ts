// Synchronisation as a device meets it: over TLS on loopback, from a real encrypted store into a provider on a real PostgreSQL
// with fsync, with three rows and columns of the predecessor's own benchmarks (ten megabytes each).

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openImap, waitForMessages } from '../harness/imap-client.js';
import { DOMAIN, World } from '../harness/world.js';
import { CountingProxy } from './counting-proxy.js';
import { canReadCpuTime, cpuSeconds, postmasterBelow } from './cpu-time.js';
import { DeviceProcess } from './device-process.js';
import { figure, type Figure } from './figure.js';
import { sendMany } from './journey.bench.js';
import { SyncFloor } from './sync-floor.js';

const RUNS = 3;
const CPU_MESSAGES = 500;
/** Far above what they take: a message that never comes must not hold the bench up for ever. */
const ARRIVAL_TIMEOUT_MS = 90_000;

/** Seconds of the original client and server, run once with the server's storage in memory and without TLS; null: never ends. */
interface PeerSeconds {
  documentsUp: number;
  documentsDown: number;
  blobsUp: number;
  blobsDown: number | null;
}

interface Column {
  count: number;
  sizeBytes: number;
  name: string;
  peer: PeerSeconds;
}

/** A document holds a little less than a megabyte: MAX_DOCUMENT_BYTES with the fields around. */
const LARGEST_OCTETS = 999_900;
const COLUMNS: readonly Column[] = [
  { count: 10, sizeBytes: LARGEST_OCTETS, name: '10 × 1 MB', peer: { documentsUp: 0.83, documentsDown: 3.08, blobsUp: 1.72, blobsDown: 2.72 } },
  { count: 100, sizeBytes: 100_000, name: '100 × 100 kB', peer: { documentsUp: 0.49, documentsDown: 3.6, blobsUp: 2.26, blobsDown: 3.85 } },
  { count: 1000, sizeBytes: 10_000, name: '1000 × 10 kB', peer: { documentsUp: 1.51, documentsDown: 5.09, blobsUp: 11.63, blobsDown: null } },
];
/** Seconds of the original for a sync with nothing to do. */
const PEER_IDLE_SECONDS = 0.013;

type Cell = keyof PeerSeconds;
const CELLS: Readonly<Record<Cell, { name: string; floor: 'uploadMs' | 'downloadMs' }>> = {
  documentsUp: { name: 'document upload', floor: 'uploadMs' },
  documentsDown: { name: 'document download', floor: 'downloadMs' },
  blobsUp: { name: 'blob upload', floor: 'uploadMs' },
  blobsDown: { name: 'blob download', floor: 'downloadMs' },
};

type Progress = (sentence: string) => void;
type Run = Record<Cell | 'uploadMs' | 'downloadMs', number>;

export async function benchSync(progress: Progress): Promise<Figure[]> {
  progress('Starting a provider');
  const world = await World.start();
  try {
    const transfers = await benchTransfers(world, progress);
    const idle = await benchIdle(world, progress);
    return [...transfers, ...idle, ...(canReadCpuTime ? await benchCpu(world, progress) : [])];
  } finally {
    await world.stop();
  }
}

async function benchTransfers(world: World, progress: Progress): Promise<Figure[]> {
  const [first, fresh] = [new DeviceProcess(), new DeviceProcess()];
  const floor = await SyncFloor.start(world.provider.databaseUrl, join(world.directory, 'floor.db'), world.provider.tls);
  try {
    const figures: Figure[] = [];
    for (const column of COLUMNS) {
      const runs: Run[] = [];
      for (let run = 1; run <= RUNS; run += 1) {
        progress(`${column.name}, run ${run} of ${RUNS}`);
        runs.push({ ...await transferOnce(world, [first, fresh], column), ...await floor.measure(column.count, column.sizeBytes) });
      }
      figures.push(...Object.entries(CELLS).map(([cell, { name, floor: floorOf }]) => cellFigure(`${name}, ${column.name}`, column.peer[cell as Cell], medianOf(runs, cell as Cell), medianOf(runs, floorOf))));
    }
    return figures;
  } finally {
    await Promise.all([floor.stop(), first.stop(), fresh.stop()]);
  }
}

let serial = 0;

/** A new account; documents and blobs go up from its first device and down to a fresh one. */
async function transferOnce(world: World, [first, fresh]: [DeviceProcess, DeviceProcess], { count, sizeBytes }: Column): Promise<Record<Cell, number>> {
  const account = { apiUrl: world.provider.publicUrl, authorityFile: world.provider.tls.authorityFile, address: `bench${++serial}@${DOMAIN}` };
  await first.call('open', { ...account, mode: 'signUp', directory: join(world.directory, `first-${serial}`) });
  await first.call('putDocuments', count, sizeBytes);
  const up = await first.call('sync');
  await fresh.call('open', { ...account, mode: 'signIn', directory: join(world.directory, `fresh-${serial}`) });
  const down = await fresh.call('sync');
  if (up.result.pushed !== count || down.result.pulled !== count) throw new Error('bench: documents were left behind');
  const { result: blobIds } = await first.call('putBlobs', count, sizeBytes);
  const blobsUp = await first.call('sync');
  const blobsDown = await fresh.call('getBlobs', blobIds);
  if (blobsUp.result.blobsUploaded !== count || blobsDown.result !== count) throw new Error('bench: blobs were left behind');
  await Promise.all([first.call('close'), fresh.call('close')]);
  return { documentsUp: up.durationMs, documentsDown: down.durationMs, blobsUp: blobsUp.durationMs, blobsDown: blobsDown.durationMs };
}

function cellFigure(name: string, peerSeconds: number | null, valueMs: number, floorMs: number): Figure {
  const flag = peerSeconds === null ? 'peer never ends' : 'peer not of this run';
  return figure('sync', `${name} (${flag})`, valueMs, 'ms', { floor: floorMs, ...(peerSeconds !== null && { peer: peerSeconds * 1000 }) });
}

/** A sync with nothing to do, on a connection that is open. */
async function benchIdle(world: World, progress: Progress): Promise<Figure[]> {
  progress('An idle sync');
  const proxy = await CountingProxy.start(world.provider.ports.users);
  const device = new DeviceProcess();
  try {
    const apiUrl = `https://127.0.0.1:${proxy.port}`;
    await device.call('open', { mode: 'signUp', apiUrl, authorityFile: world.provider.tls.authorityFile, address: `idle@${DOMAIN}`, directory: join(world.directory, 'idle') });
    await device.call('putDocuments', 1, 1000);
    await device.call('sync');
    await device.call('sync');
    const before = { octets: proxy.octets, requests: (await device.call('requests')).result };
    const durations: number[] = [];
    for (let run = 0; run < RUNS; run += 1) durations.push((await device.call('sync')).durationMs);
    const { result: requests } = await device.call('requests');
    await device.call('close');
    return [
      figure('sync', 'idle sync (peer not of this run)', median(durations), 'ms', { peer: PEER_IDLE_SECONDS * 1000 }),
      figure('sync', 'idle sync, on the wire', (proxy.octets - before.octets) / RUNS, 'octets'),
      figure('sync', 'idle sync, requests', (requests - before.requests) / RUNS, 'requests'),
    ];
  } finally {
    await device.stop();
    await proxy.close();
  }
}

/** CPU that incoming mail costs, from the stranger's connection to the sight of it in IMAP. */
async function benchCpu(world: World, progress: Progress): Promise<Figure[]> {
  const user = await world.signUp('alice');
  const imap = await openImap(user);
  const { mx, sync, ports } = world.provider;
  const postmaster = postmasterBelow(world.providerDirectory);
  const processes = { 'provider-mx': mx.pid, 'provider-sync': sync.pid, ...(postmaster !== null && { PostgreSQL: postmaster }), device: user.device.process.pid };
  const readAll = (): number[] => Object.values(processes).map(cpuSeconds);
  progress(`${CPU_MESSAGES} incoming messages`);
  const before = readAll();
  await sendMany(ports.mx, user.address, CPU_MESSAGES);
  await withDeadline(waitForMessages(imap, 'INBOX', CPU_MESSAGES));
  await user.device.control.sync(user.accountId);
  const after = readAll();
  await imap.logout();
  return Object.keys(processes).map((name, index) =>
    figure('sync', `CPU for 1,000 incoming messages of 15 kB, ${name}`, (after[index]! - before[index]!) * (1000 / CPU_MESSAGES), 's'));
}

async function withDeadline(arrival: Promise<void>): Promise<void> {
  const deadline = new AbortController();
  const late = delay(ARRIVAL_TIMEOUT_MS, undefined, { signal: deadline.signal }).then(() => { throw new Error('bench: messages did not arrive'); });
  try {
    await Promise.race([arrival, late]);
  } finally {
    late.catch(() => undefined);
    deadline.abort();
  }
}

function medianOf(runs: readonly Run[], key: keyof Run): number {
  return median(runs.map((run) => run[key]));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
