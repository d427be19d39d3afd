// IMAP as mail programs use it, on a mailbox of 100,000 messages (IMAP_MESSAGES for another number): a real device against
// Dovecot where it is installed, with the same messages and the same commands in the same run. Each command is measured several
// times on a session that has the mailbox open, on both in turn, and the median counts: what a server keeps from the first time,
// it may use, and it has compiled what it runs.

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
/** So often each command is measured at least. */
const RUNS = 3;
/** As many literals as one command may have. */
const APPENDED_TOGETHER = 64;
/** In each run. */
const APPENDS = 60;
/** With the session that appends, all that an account may have. */
const IDLING = 49;

/** One command after another, each for the header of one message. */
const ROUND_TRIPS = 1000;
/** What Thunderbird asks of every message of a mailbox that it meets for the first time. */
const LISTED_FIELDS = 'From To Cc Bcc Subject Date Message-ID Priority X-Priority References Newsgroups In-Reply-To Content-Type Reply-To';

type Progress = (sentence: string) => void;

interface Server {
  open(): Promise<ImapConnection>;
  peakMemoryBytes(): number;
  stop(): Promise<void>;
}

interface Contender {
  server: Server;
  /** By name of what was measured. */
  measures: Map<string, Shown>;
}

interface Session extends Contender { connection: ImapConnection }

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
  const contenders: Contender[] = [];
  try {
    contenders.push({ server: await startDevice(join(directory, 'device'), progress), measures: new Map() });
    if (Dovecot.isInstalled()) contenders.push({ server: await startDovecot(progress), measures: new Map() });
    for (const measure of [measureCommands, measureArrival, measureDeparture]) await measure(contenders, progress);
    const [own, peer] = contenders;
    return [...own!.measures].map(([name, { value, unit }]) => {
      const other = peer?.measures.get(name)?.value;
      return figure('imap', name, value, unit, other === undefined ? {} : { peer: other });
    });
  } finally {
    for (const { server } of contenders) await server.stop();
    rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function measureCommands(contenders: readonly Contender[], progress: Progress): Promise<void> {
  progress('SELECT');
  await inTurn(contenders, LONG, 'SELECT', ({ server }) => timeOfSelect(server));
  const sessions = await openSessions(contenders, 'INBOX');
  for (const [name, command] of COMMANDS) {
    progress(name);
    await inTurn(sessions, LONG, name, ({ connection }, run) => timeOf(() => connection.command(command(run))));
  }
  progress('headers one by one');
  await inTurn(sessions, LONG, 'FETCH BODY.PEEK[HEADER] one by one', ({ connection }) => timeOf(async () => {
    for (let place = 0; place < ROUND_TRIPS; place += 1) await connection.command(`FETCH ${1 + (place * 37) % MESSAGES} (BODY.PEEK[HEADER])`);
  }), perSecond(ROUND_TRIPS));
  for (const { server, measures, connection } of sessions) {
    measures.set('peak memory up to here', { value: server.peakMemoryBytes() / 1e6, unit: 'MB' });
    connection.close();
  }
}

async function timeOfSelect(server: Server): Promise<number> {
  const connection = await server.open();
  const durationMs = await timeOf(() => connection.command('SELECT INBOX'));
  connection.close();
  return durationMs;
}

async function measureArrival(contenders: readonly Contender[], progress: Progress): Promise<void> {
  const octets = messageOf(MESSAGES - 1, MESSAGES);
  const append = ({ connection }: Session): Promise<unknown> => connection.command(`APPEND INBOX {${octets.length}+}\r\n`, octets);
  const sessions = await openSessions(contenders);
  progress('APPEND');
  await inTurn(sessions, SHORT, 'APPEND one by one, 15 kB', (session) => timeOf(async () => {
    for (let count = 0; count < APPENDS; count += 1) await append(session);
  }), perSecond(APPENDS));
  progress(`IDLE of ${IDLING}`);
  const idling = new Map<Session, ImapConnection[]>();
  for (const session of sessions) idling.set(session, await startIdling(session.server));
  await inTurn(sessions, SHORT, `APPEND until ${IDLING} sessions in IDLE know`, (session, run) => timeOf(async () => {
    const all = Promise.all(idling.get(session)!.map((each) => each.hears(new RegExp(`\\* ${MESSAGES + RUNS * APPENDS + run + 1} EXISTS`))));
    await append(session);
    await all;
  }));
  for (const each of [...sessions.map(({ connection }) => connection), ...[...idling.values()].flat()]) each.close();
}

async function startIdling(server: Server): Promise<ImapConnection[]> {
  const idling = await Promise.all(Array.from({ length: IDLING }, () => server.open()));
  for (const each of idling) {
    await each.command('SELECT INBOX');
    await each.idle();
  }
  return idling;
}

/** COPY the same messages again and again; MOVE and EXPUNGE take the next ones each time. */
async function measureDeparture(contenders: readonly Contender[], progress: Progress): Promise<void> {
  const sessions = await openSessions(contenders, 'INBOX');
  const toAll = async (command: string): Promise<void> => {
    for (const { connection } of sessions) await connection.command(command);
  };
  const measure = (name: string, command: string, prepare: (session: Session) => Promise<unknown>): Promise<void> => {
    progress(name);
    return inTurn(sessions, SHORT, name, async (session) => {
      await prepare(session);
      return timeOf(() => session.connection.command(command));
    });
  };
  await toAll('CREATE Copied');
  await toAll('CREATE Moved');
  await measure(`COPY of ${TENTH}`, `COPY 1:${TENTH} Copied`, async () => undefined);
  await toAll('SELECT Copied');
  await measure(`MOVE of ${TENTH}`, `MOVE 1:${TENTH} Moved`, async () => undefined);
  await toAll('SELECT INBOX');
  await measure(`EXPUNGE of ${TENTH}`, 'EXPUNGE', ({ connection }) => connection.command(`STORE ${HALF + 1}:${HALF + TENTH} +FLAGS.SILENT (\\Deleted)`));
  for (const { connection } of sessions) connection.close();
}

async function openSessions(contenders: readonly Contender[], mailbox?: string): Promise<Session[]> {
  return Promise.all(contenders.map(async (contender) => {
    const connection = await contender.server.open();
    if (mailbox !== undefined) await connection.command(`SELECT ${mailbox}`);
    return { ...contender, connection };
  }));
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

interface Repetition {
  maxRuns: number;
  /** Goes on until this has passed for each. */
  forMs: number;
}

/** Of what changes the mailbox, so that there is enough left of it. */
const SHORT: Repetition = { maxRuns: RUNS, forMs: 0 };
/** Of what can be done again and again. */
const LONG: Repetition = { maxRuns: 15, forMs: 3000 };

interface Shown { value: number; unit: string }

const inMs = (durationMs: number): Shown => ({ value: durationMs, unit: 'ms' });
const perSecond = (messages: number) => (durationMs: number): Shown => ({ value: messages / (durationMs / 1000), unit: 'messages/s' });

/** The median of what the work takes each, in milliseconds. They take turns, run by run: a slow moment of the machine meets them alike. */
async function inTurn<Each extends Contender>(
  contenders: readonly Each[], { maxRuns, forMs }: Repetition, name: string, work: (contender: Each, run: number) => Promise<number>, show = inMs,
): Promise<void> {
  const durations = contenders.map((): number[] => []);
  const endMs = performance.now() + forMs * contenders.length;
  for (let run = 0; run < RUNS || (run < maxRuns && performance.now() < endMs); run += 1) {
    for (const [place, contender] of contenders.entries()) durations[place]!.push(await work(contender, run));
  }
  for (const [place, { measures }] of contenders.entries()) measures.set(name, show(median(durations[place]!)));
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
