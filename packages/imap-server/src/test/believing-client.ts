// A client that knows of its mailbox only what it is told, and that takes nothing that cannot be: numbers beyond the last
// message, a message that becomes another, UIDs that do not ascend, mod-sequences that fall.

import { expect } from '@jest/globals';
import { LineSocket } from '@paloma/test-kit';
import { PASSWORD } from './memory-gateway.js';

interface BelievedMessage {
  /** Null until it has been fetched. */
  uid: number | null;
  flags: string | null;
  modSeq: number;
}

export class BelievingClient {
  messages: BelievedMessage[] = [];
  #highestModSeq = 0;
  #tags = 0;

  private constructor(private readonly socket: LineSocket, private readonly hasQresync: boolean) {}

  static async connect(port: number, { hasQresync }: { hasQresync: boolean }): Promise<BelievingClient> {
    const client = new BelievingClient(await LineSocket.connect(port), hasQresync);
    await client.socket.readLine();
    await client.run(`LOGIN alice@example.org ${JSON.stringify(PASSWORD)}`);
    if (hasQresync) await client.run('ENABLE QRESYNC');
    await client.run('SELECT INBOX');
    return client;
  }

  close(): void {
    this.socket.close();
  }

  /** Runs a command that the server has no reason to refuse, but for messages that others have taken away. */
  async run(command: string): Promise<void> {
    const tag = `t${++this.#tags}`;
    this.socket.send(`${tag} ${command}\r\n`);
    for (let line = await this.#readLine(); ; line = await this.#readLine()) {
      if (!line.startsWith(`${tag} `)) this.#hear(line);
      else {
        expect(`${command}: ${line}`).toMatch(/: t\d+ (OK|NO \[EXPUNGEISSUED\])/);
        this.#hearCode(line);
        break;
      }
    }
    if (this.messages.some(({ uid }) => uid === null)) await this.run(`FETCH 1:* (UID FLAGS${this.hasQresync ? ' MODSEQ' : ''})`);
  }

  /** Listens until the server has told something, or has been asked once more. */
  async idle(): Promise<void> {
    const tag = `t${++this.#tags}`;
    this.socket.send(`${tag} IDLE\r\n`);
    for (let line = await this.#readLine(); !line.startsWith('+'); line = await this.#readLine()) this.#hear(line);
    this.socket.send('DONE\r\n');
    for (let line = await this.#readLine(); !line.startsWith(`${tag} OK`); line = await this.#readLine()) this.#hear(line);
    await this.run('NOOP');
  }

  async #readLine(): Promise<string> {
    const line = await this.socket.readLine();
    if (line === null) throw new Error('the server ended the connection');
    return line;
  }

  #hear(line: string): void {
    const [, number, word, rest = ''] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)(?: (.*))?$/.exec(line) ?? [];
    if (word === 'EXISTS') this.#hearExists(Number(number));
    else if (word === 'EXPUNGE') this.#hearExpunge(Number(number));
    else if (word === 'FETCH') this.#hearFetch(Number(number), rest);
    else if (line.startsWith('* VANISHED ')) this.#hearVanished(line.slice('* VANISHED '.length));
    else if (line.startsWith('* SEARCH')) this.#hearSearch(line);
    this.#hearCode(line);
  }

  #hearExists(count: number): void {
    expect(count).toBeGreaterThanOrEqual(this.messages.length);
    while (this.messages.length < count) this.messages.push({ uid: null, flags: null, modSeq: 0 });
  }

  #hearExpunge(number: number): void {
    expect(this.hasQresync).toBe(false);
    expect(number).toBeLessThanOrEqual(this.messages.length);
    this.messages.splice(number - 1, 1);
  }

  #hearVanished(set: string): void {
    const gone = new Set(set.split(',').flatMap((range) => {
      const [low, high = low] = range.split(':').map(Number) as [number, number?];
      return Array.from({ length: high - low + 1 }, (_, index) => low + index);
    }));
    for (const uid of gone) {
      const known = this.messages.findIndex((message) => message.uid === uid);
      // A message that has come and not been fetched may go, too: which of them makes no difference to who has fetched none.
      const place = known >= 0 ? known : this.messages.findIndex((message) => message.uid === null);
      expect(place).toBeGreaterThanOrEqual(0);
      this.messages.splice(place, 1);
    }
  }

  #hearFetch(number: number, data: string): void {
    expect(number).toBeLessThanOrEqual(this.messages.length);
    const message = this.messages[number - 1]!;
    const uid = /UID (\d+)/.exec(data)?.[1];
    const modSeq = Number(/MODSEQ \((\d+)\)/.exec(data)?.[1] ?? message.modSeq);
    if (uid !== undefined) {
      if (message.uid !== null) expect(Number(uid)).toBe(message.uid);
      message.uid = Number(uid);
    }
    expect(modSeq).toBeGreaterThanOrEqual(message.modSeq);
    message.modSeq = modSeq;
    message.flags = /FLAGS \(([^)]*)\)/.exec(data)?.[1]?.split(' ').sort().join(' ') ?? message.flags;
    const uids = this.messages.flatMap((known) => known.uid ?? []);
    expect(uids).toEqual([...new Set(uids)].sort((a, b) => a - b));
  }

  #hearSearch(line: string): void {
    const numbers = line.replace(/ \(MODSEQ.*$/, '').split(' ').slice(2).map(Number);
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
    expect(numbers.at(-1) ?? 0).toBeLessThanOrEqual(this.messages.length);
  }

  #hearCode(line: string): void {
    const modSeq = /HIGHESTMODSEQ (\d+)/.exec(line)?.[1];
    if (modSeq === undefined) return;
    expect(Number(modSeq)).toBeGreaterThanOrEqual(this.#highestModSeq);
    this.#highestModSeq = Number(modSeq);
  }
}
