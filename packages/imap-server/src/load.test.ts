// Many connections at once, each with a mixture of commands, over real sockets, for a minute: nothing fails, nothing that was stored is
// lost, and memory does not grow with the number of commands. `IMAP_LOAD_MS` makes it longer.

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from '@jest/globals';
import type { MailboxId } from '@paloma/shared-model';
import { LineSocket } from '@paloma/test-kit';
import { PASSWORD } from './test/memory-gateway.js';
import { startServer } from './test/running-server.js';

const CONNECTIONS = 50;
const LOAD_MS = Number(process.env['IMAP_LOAD_MS'] ?? 60_000);
/** However slow the machine is: each message that all share is marked. */
const MIN_ROUNDS = 6;
/** Messages that all connections mark. */
const SHARED_MESSAGES = 40;
const INBOX = 'inbox' as MailboxId;
/** Of a round beyond the first ones; the memory store keeps a note of every message that was there. */
const GROWTH_BYTES_PER_ROUND = 512 * 1024;
const GROWTH_BYTES = 8 * 1024 * 1024;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapBytes(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers;
}

const ownMarkOf = ({ number }: Worker): string => `own${number}`;

class Worker {
  #tags = 0;

  private constructor(private readonly socket: LineSocket, readonly number: number) {}

  static async connect(port: number, number: number): Promise<Worker> {
    const worker = new Worker(await LineSocket.connect(port), number);
    await worker.socket.readLine();
    await worker.run(`LOGIN alice@example.org ${JSON.stringify(PASSWORD)}`);
    if (number % 3 === 1) await worker.run('ENABLE QRESYNC');
    if (number % 3 === 2) await worker.run('ENABLE IMAP4rev2 UIDONLY');
    if (number % 5 === 0) {
      await worker.run('COMPRESS DEFLATE');
      worker.socket.compress();
    }
    await worker.run('SELECT INBOX');
    return worker;
  }

  /** Anything but OK fails. */
  async run(command: string): Promise<void> {
    const tag = `w${this.number}-${++this.#tags}`;
    this.socket.send(`${tag} ${command}\r\n`);
    for (let line = await this.socket.readLine(); !line?.startsWith(`${tag} OK`); line = await this.socket.readLine()) {
      if (line === null || line.startsWith(`${tag} `)) throw new Error(`${command}: ${line}`);
    }
  }

  async round(index: number): Promise<void> {
    const ownMark = ownMarkOf(this);
    const place = ((this.number + index) % SHARED_MESSAGES) + 1;
    await this.run(`UID STORE ${place} +FLAGS (w${this.number})`);
    await this.run(`APPEND INBOX (${ownMark}) {${20 + this.number}+}\r\nSubject: ${'x'.repeat(9 + this.number)}\r\n`);
    await this.run(`UID SEARCH RETURN (SAVE COUNT) KEYWORD ${ownMark}`);
    await this.run('UID FETCH $ (FLAGS ENVELOPE BODYSTRUCTURE BODY.PEEK[])');
    await this.run(`UID FETCH ${place} (UID FLAGS BODY[] PREVIEW)`);
    await this.run(this.number % 2 === 0 ? 'UID SORT (REVERSE DATE) UTF-8 UNSEEN' : 'UID THREAD REFERENCES UTF-8 SEEN');
    await this.run('LIST "" * RETURN (STATUS (MESSAGES UNSEEN SIZE))');
    await this.run('UID COPY $ Archive');
    await this.run('UID STORE $ +FLAGS.SILENT (\\Deleted)');
    await this.run(this.number % 4 === 0 ? 'UID MOVE $ Trash' : 'EXPUNGE');
    await this.run('NOOP');
  }

  close(): void {
    this.socket.close();
  }
}

test('fifty connections with mixed commands', async () => {
  const server = await startServer();
  const store = server.gateway.storeOf('alice');
  for (let count = 0; count < SHARED_MESSAGES; count++) await store.append({ octets: Buffer.from(`Subject: shared ${count}\r\n\r\nbody`), mailboxIds: [INBOX] });
  const workers = await Promise.all(Array.from({ length: CONNECTIONS }, (_, number) => Worker.connect(server.port, number)));
  const endMs = performance.now() + LOAD_MS;
  let [rounds, warmBytes] = [0, 0];
  for (; rounds < MIN_ROUNDS || performance.now() < endMs; rounds++) {
    await Promise.all(workers.map((worker) => worker.round(rounds)));
    if (rounds === 1) warmBytes = heapBytes();
  }
  expect(heapBytes() - warmBytes).toBeLessThan(GROWTH_BYTES + rounds * GROWTH_BYTES_PER_ROUND);

  const inbox = (await store.openView(INBOX))!.entries;
  expect(inbox.map(({ uid }) => uid)).toEqual(Array.from({ length: SHARED_MESSAGES }, (_, index) => index + 1));
  for (const [index, { keywords }] of inbox.entries()) {
    const markers = new Set(Array.from({ length: rounds }, (_, round) => round).flatMap((round) => workers.filter(({ number }) => (number + round) % SHARED_MESSAGES === index).map(({ number }) => `w${number}`)));
    expect(new Set(keywords)).toEqual(new Set([...markers, '$seen']));
  }
  const copied = (await store.openView('archive' as MailboxId))!.entries;
  for (const worker of workers) expect(copied.filter(({ keywords }) => keywords.includes(ownMarkOf(worker)))).toHaveLength(rounds);
  for (const worker of workers) worker.close();
  await server.close();
  expect(server.bugs).toEqual([]);
}, LOAD_MS + 120_000);
