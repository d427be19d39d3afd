// IMAP as mail programs use it, on a mailbox of 100,000 messages (IMAP_MESSAGES for another number): a real device against
// Dovecot where it is installed, with the same messages and the same commands in the same run. A command is measured several times
// on a session that has the mailbox open, and the median counts: what a server keeps from the first time, it may use, and it has
// compiled what it runs.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Device, Provider } from '@paloma/reference-deployment';
import { peakMemoryBytes } from '../harness/process-memory.js';
import { DOMAIN } from '../harness/world.js';
import { Dovecot } from './dovecot.js';
import { figure, type Figure } from './figure.js';
import { ImapConnection } from './imap-connection.js';
import { COMMON_WORD, LARGE_ONE_IN, messageOf, RARE_WORD, sentAtMs } from './imap-mailbox.js';

const MESSAGES = Number(process.env['IMAP_MESSAGES'] ?? 100_000);
const LARGE_MESSAGES = Math.ceil(MESSAGES / LARGE_ONE_IN);
const TENTH = Math.ceil(MESSAGES / 10);
const HALF = Math.ceil(MESSAGES / 2);
/** Of what changes the mailbox, so that there is enough left of it. */
const RUNS = 3;
/** Of what can be done again and again: as often as fits into this time, but at least `RUNS` times and not more often than that. */
const REPEATED_MS = 3000;
const MAX_RUNS = 15;
/** As many literals as one command may have. */
const APPENDED_TOGETHER = 64;
const APPENDS = 200;
/** With the session that appends, all that an account may have. */
const IDLING = 49;

/** One command after another, each for the header of one message. */
const ROUND_TRIPS = 1000;
/** What Thunderbird asks of every message of a mailbox that it meets for the first time. */
const LISTED_FIELDS = 'From To Cc Bcc Subject Date Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To';

type Progress = (sentence: string) => void;
/** By name of what was measured. */
type Measures = Map<string, { value: number; unit: string }>;

interface Server {
  open(): Promise<ImapConnection>;
  peakMemoryBytes(): number;
  stop(): Promise<void>;
}

/** The name, and the command of each run. */
const COMMANDS: readonly [name: string, command: (run: number) => string][] = [
  ['FETCH 1:* FLAGS', () => 'FETCH 1:* (FLAGS)'],
  [`FETCH ENVELOPE of ${TENTH}`, () => `FETCH 1:${TENTH} (ENVELOPE)`],
  [`FETCH size, date, ENVELOPE of ${TENTH}`, () => `UID FETCH 1:${TENTH} (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)`],
  [`FETCH BODYSTRUCTURE of ${TENTH}`, () => `FETCH 1:${TENTH} (BODYSTRUCTURE)`],
  [`FETCH header fields of ${TENTH}`, () => `UID FETCH 1:${TENTH} (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (${LISTED_FIELDS})])`],
  [`FETCH BODY.PEEK[] of ${TENTH}, 1 kB`, () => `FETCH 1:${TENTH} (BODY.PEEK[])`],
  [`FETCH BODY.PEEK[] of ${LARGE_MESSAGES}, 15 kB`, () => `FETCH ${MESSAGES - LARGE_MESSAGES + 1}:${MESSAGES} (BODY.PEEK[])`],
  ['SEARCH TEXT, a rare word', () => `SEARCH TEXT ${RARE_WORD}`],
  ['SEARCH TEXT, a common word', () => `SEARCH TEXT ${COMMON_WORD}`],
  ['SORT by date', () => 'SORT (REVERSE DATE) UTF-8 ALL'],
  ['SORT by subject', () => 'SORT (SUBJECT) UTF-8 ALL'],
  ['THREAD by references', () => 'THREAD REFERENCES UTF-8 ALL'],
  [`STORE on ${TENTH}`, (run) => `STORE 1:${TENTH} ${run % 2 === 0 ? '+' : '-'}FLAGS (\\Flagged)`],
];

export async function benchImap(progress: Progress): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'paloma-imap-bench-'));
  try {
    const own = await measured(() => startDevice(join(directory, 'device'), progress), 'Paloma', progress);
    const peer = Dovecot.isInstalled() ? await measured(() => startDovecot(progress), 'Dovecot', progress) : new Map() as Measures;
    return [...own].map(([name, { value, unit }]) => {
      const other = peer.get(name)?.value;
      return figure('imap', name, value, unit, other === undefined ? {} : { peer: other });
    });
  } finally {
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measured(start: () => Promise<Server>, name: string, progress: Progress): Promise<Measures> {
  const server = await start();
  try {
    const measures: Measures = new Map();
    await measureCommands(server, measures, (what) => progress(`${name}: ${what}`));
    await measureArrival(server, measures, (what) => progress(`${name}: ${what}`));
    await measureDeparture(server, measures, (what) => progress(`${name}: ${what}`));
    return measures;
  } finally {
    await server.stop();
  }
}

async function measureCommands(server: Server, measures: Measures, progress: Progress): Promise<void> {
  progress('SELECT');
  measures.set('SELECT', { value: median(await repeatedLong(() => timeOfSelect(server))), unit: 'ms' });
  const connection = await server.open();
  await connection.command('SELECT INBOX');
  for (const [name, command] of COMMANDS) {
    progress(name);
    measures.set(name, { value: median(await repeatedLong((run) => timeOf(() => connection.command(command(run))))), unit: 'ms' });
  }
  progress('headers one by one');
  const roundTrips = median(await repeatedLong(() => timeOf(async () => {
    for (let place = 0; place < ROUND_TRIPS; place += 1) await connection.command(`FETCH ${1 + (place * 37) % MESSAGES} (BODY.PEEK[HEADER])`);
  })));
  measures.set('FETCH BODY.PEEK[HEADER] one by one', { value: ROUND_TRIPS / (roundTrips / 1000), unit: 'messages/s' });
  measures.set('peak memory up to here', { value: server.peakMemoryBytes() / 1e6, unit: 'MB' });
  connection.close();
}

async function timeOfSelect(server: Server): Promise<number> {
  const connection = await server.open();
  const durationMs = await timeOf(() => connection.command('SELECT INBOX'));
  connection.close();
  return durationMs;
}

async function measureArrival(server: Server, measures: Measures, progress: Progress): Promise<void> {
  progress('APPEND');
  const connection = await server.open();
  const octets = messageOf(MESSAGES - 1, MESSAGES);
  const durationMs = await timeOf(async () => {
    for (let count = 0; count < APPENDS; count += 1) await connection.command(`APPEND INBOX {${octets.length}+}\r\n`, octets);
  });
  measures.set('APPEND one by one, 15 kB', { value: APPENDS / (durationMs / 1000), unit: 'messages/s' });
  progress(`IDLE of ${IDLING}`);
  const idling = await Promise.all(Array.from({ length: IDLING }, () => server.open()));
  for (const each of idling) {
    await each.command('SELECT INBOX');
    await each.idle();
  }
  const fanOut = await repeated((run) => timeOf(async () => {
    const all = Promise.all(idling.map((each) => each.hears(new RegExp(`\\* ${MESSAGES + APPENDS + run + 1} EXISTS`))));
    await connection.command(`APPEND INBOX {${octets.length}+}\r\n`, octets);
    await all;
  }));
  measures.set(`APPEND until ${IDLING} sessions in IDLE know`, { value: median(fanOut), unit: 'ms' });
  for (const each of [connection, ...idling]) each.close();
}

/** COPY the same messages again and again; MOVE and EXPUNGE take the next ones each time. */
async function measureDeparture(server: Server, measures: Measures, progress: Progress): Promise<void> {
  const connection = await server.open();
  for (const name of ['Copied', 'Moved']) await connection.command(`CREATE ${name}`);
  const measure = async (name: string, command: string, prepare: () => Promise<unknown>): Promise<void> => {
    progress(name);
    measures.set(name, { value: median(await repeated(async () => {
      await prepare();
      return timeOf(() => connection.command(command));
    })), unit: 'ms' });
  };
  await connection.command('SELECT INBOX');
  await measure(`COPY of ${TENTH}`, `COPY 1:${TENTH} Copied`, async () => undefined);
  await connection.command('SELECT Copied');
  await measure(`MOVE of ${TENTH}`, `MOVE 1:${TENTH} Moved`, async () => undefined);
  await connection.command('SELECT INBOX');
  await measure(`EXPUNGE of ${TENTH}`, 'EXPUNGE', () => connection.command(`STORE ${HALF + 1}:${HALF + TENTH} +FLAGS.SILENT (\\Deleted)`));
  connection.close();
}

/** A daemon that was started anew after its account was made, so that its peak of memory is that of any other day and not of a sign-up, and whose provider is away: nothing but IMAP is at work. */
async function startDevice(directory: string, progress: Progress): Promise<Server> {
  progress('Starting a device');
  const provider = await Provider.start({ directory: join(directory, 'provider'), domain: DOMAIN });
  const device = await Device.start({ title: 'the daemon', directory, providerAuthorityFile: provider.tls.authorityFile });
  const address = `bench@${DOMAIN}`;
  const account = { mode: 'signUp', providerUrl: provider.publicUrl, address, passphrase: 'passphrase of the bench', deviceName: 'bench', name: 'Bench' } as const;
  const login = { user: address, password: await device.mailAppPassword(await device.openAccount(account)) };
  await provider.stop();
  await device.stop();
  await device.start();
  await device.openAccount(account);
  const open = (): Promise<ImapConnection> => ImapConnection.open(device.ports.imap, login);
  progress(`Filing ${MESSAGES} messages`);
  const filling = await open();
  for (let first = 0; first < MESSAGES; first += APPENDED_TOGETHER) await filling.command(...multiAppend(first, Math.min(MESSAGES, first + APPENDED_TOGETHER)));
  filling.close();
  return { open, stop: () => device.stop(), peakMemoryBytes: () => peakMemoryBytes(device.process.pid) };
}

/** RFC 3502 with RFC 7888. */
function multiAppend(first: number, end: number): (string | Uint8Array)[] {
  const messages = Array.from({ length: end - first }, (_, place) => ({ at: sentAtMs(first + place), octets: messageOf(first + place, MESSAGES) }));
  return ['APPEND INBOX', ...messages.flatMap(({ at, octets }) => [` "${internalDate(at)}" {${octets.length}+}\r\n`, octets])];
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function internalDate(atMs: number): string {
  const at = new Date(atMs).toISOString();
  return `${at.slice(8, 10)}-${MONTHS[Number(at.slice(5, 7)) - 1]}-${at.slice(0, 4)} ${at.slice(11, 19)} +0000`;
}

async function startDovecot(progress: Progress): Promise<Server> {
  progress(`Starting Dovecot over ${MESSAGES} messages`);
  return Dovecot.start(MESSAGES);
}

type Work = (run: number) => Promise<number>;

async function repeated(work: Work): Promise<number[]> {
  const durations: number[] = [];
  while (durations.length < RUNS) durations.push(await work(durations.length));
  return durations;
}

async function repeatedLong(work: Work): Promise<number[]> {
  const durations: number[] = [];
  for (const endMs = performance.now() + REPEATED_MS; durations.length < RUNS || (performance.now() < endMs && durations.length < MAX_RUNS);) durations.push(await work(durations.length));
  return durations;
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
