// Mail from outside, from MAIL to the 250 that says: encrypted, and durable in a real PostgreSQL with fsync. The floor is the slower of
// what cannot be left out; the peer is a gpg started for each message. A Postfix that throws away what it accepts stands beside them.

import { freePort } from '@paloma/reference-deployment';
import { isInstalled } from '../foreign/installed-program.js';
import { canRunPostfix, Postfix } from '../foreign/postfix.js';
import { peakMemoryBytes } from '../harness/process-memory.js';
import { DOMAIN, World } from '../harness/world.js';
import { canReadCpuTime, cpuSeconds } from './cpu-time.js';
import { figure, type Figure } from './figure.js';
import { MxFloor } from './mx-floor.js';
import { canRunSmtpSource, messagesPerSecond, smtpSourceMessagesPerSecond, type Load } from './smtp-load.js';

const SIZES = [{ name: '1 kB', sizeBytes: 1000, messages: 2000 }, { name: '15 kB', sizeBytes: 15_000, messages: 2000 }, { name: '1000 kB', sizeBytes: 1_000_000, messages: 60 }] as const;
const SESSIONS = [10, 50] as const;
/** provider-sync stores mail for one account one after another: a bench of one mailbox would measure that alone. */
const RECIPIENTS = 8;
/** A server runs for weeks: its code is compiled before it is measured, which takes V8 that many. */
const WARM_UP_MESSAGES = 2000;
const GPG_MESSAGES = 60;

type Progress = (sentence: string) => void;

export async function benchMx(progress: Progress): Promise<Figure[]> {
  progress('Starting a provider');
  const world = await World.start();
  const floor = await MxFloor.start(world.provider.databaseUrl, world.directory);
  try {
    const load = { port: world.provider.ports.mx, forwardPaths: await signUpRecipients(world) };
    await messagesPerSecond({ ...load, sessions: 10, messages: WARM_UP_MESSAGES, sizeBytes: 15_000 });
    const figures: Figure[] = [];
    for (const size of SIZES) figures.push(...await benchSize(world, floor, load, size, progress));
    return [...figures, ...(canReadCpuTime ? [figure('mx', 'provider-mx, peak memory', peakMemoryBytes(world.provider.mx.pid) / 1e6, 'MB')] : []), ...await benchPostfix(progress)];
  } finally {
    await floor.stop();
    await world.stop();
  }
}

/** Mail stays at the provider: their devices are off. */
async function signUpRecipients(world: World): Promise<string[]> {
  const addresses: string[] = [];
  for (let recipient = 1; recipient <= RECIPIENTS; recipient += 1) {
    const { device, address } = await world.signUp(`recipient${recipient}`);
    await device.stop();
    addresses.push(address);
  }
  return addresses;
}

async function benchSize(world: World, mxFloor: MxFloor, load: Pick<Load, 'port' | 'forwardPaths'>, { name, sizeBytes, messages }: (typeof SIZES)[number], progress: Progress): Promise<Figure[]> {
  progress(`Floors and gpg, ${name}`);
  const encryptions = await mxFloor.encryptionsPerSecond(messages, sizeBytes);
  const inserts = await mxFloor.insertsPerSecond(messages, sizeBytes);
  const peer = isInstalled('gpg') ? { peer: await mxFloor.gpgPipesPerSecond(GPG_MESSAGES, sizeBytes) } : {};
  const figures = [figure('mx', `floor: encryption alone, ${name}`, encryptions, 'messages/s'), figure('mx', `floor: insert alone, ${name}`, inserts, 'messages/s')];
  const reference = { floor: Math.min(encryptions, inserts), ...peer };
  for (const sessions of SESSIONS) {
    progress(`${messages} messages of ${name} over ${sessions} sessions`);
    const before = cpuOf(world);
    const rate = await messagesPerSecond({ ...load, sessions, messages, sizeBytes });
    figures.push(figure('mx', `accepted, sealed and durable, ${name}, ${sessions} sessions`, rate, 'messages/s', reference));
    for (const [program, seconds] of Object.entries(cpuOf(world))) figures.push(figure('mx', `CPU for a message, ${name}, ${sessions} sessions, ${program}`, (seconds - before[program]!) * 1000 / messages, 'ms'));
    if (canRunSmtpSource) figures.push(figure('mx', `from smtp-source, ${name}, ${sessions} sessions`, await smtpSourceMessagesPerSecond({ ...load, sessions, messages, sizeBytes }), 'messages/s', reference));
  }
  return figures;
}

function cpuOf({ provider: { mx, sync } }: World): Record<string, number> {
  return canReadCpuTime ? { 'provider-mx': cpuSeconds(mx.pid), 'provider-sync': cpuSeconds(sync.pid) } : {};
}

async function benchPostfix(progress: Progress): Promise<Figure[]> {
  if (!canRunPostfix) return [];
  progress('A Postfix that accepts and discards');
  const port = await freePort();
  const postfix = await Postfix.start(port, { virtual_mailbox_domains: DOMAIN, virtual_mailbox_maps: 'static:here', virtual_transport: 'discard:' });
  try {
    const figures: Figure[] = [];
    for (const { name, sizeBytes, messages } of SIZES) {
      for (const sessions of SESSIONS) {
        const rate = await messagesPerSecond({ port, forwardPaths: [`alice@${DOMAIN}`], sessions, messages: messages / 10, sizeBytes });
        figures.push(figure('mx', `Postfix accepts and discards in the clear, ${name}, ${sessions} sessions`, rate, 'messages/s'));
      }
    }
    return figures;
  } finally {
    await postfix.stop();
  }
}
