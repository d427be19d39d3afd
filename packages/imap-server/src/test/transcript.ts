// Conversations as tests. `C:` lines are sent, `S:` lines must come, in this order and no others between. `<name>` in an
// `S:` line stands for any text, and for the same text wherever the transcript says it again, in `C:` lines too.
// `…` stands for any text once; `S: …` passes over any number of lines.

import { expect, test } from '@jest/globals';
import type { MailStore } from '@paloma/mail-store/port';
import type { ImapServerOptions } from '../imap-server.js';
import { LineSocket } from '@paloma/test-kit';
import { PASSWORD } from './memory-gateway.js';
import { startServer, type RunningServer } from './running-server.js';

export interface Stage extends Pick<RunningServer, 'clock' | 'gateway' | 'port'> {
  /** Connects; with an account name it logs in too, and selects a mailbox if told. */
  connect(account?: string | null, options?: { select?: string; enable?: string }): Promise<Conversation>;
  storeOf(account: string): MailStore;
}

/** One test over a server of its own. */
export function transcript(name: string, play: (stage: Stage) => Promise<void>, options: Partial<ImapServerOptions> = {}): void {
  test(name, async () => {
    const server = await startServer(options);
    const bindings = new Map<string, string>();
    const conversations: Conversation[] = [];
    const connect: Stage['connect'] = async (account = 'alice', { select, enable } = {}) => {
      const conversation = new Conversation(await LineSocket.connect(server.port), bindings);
      conversations.push(conversation);
      await conversation.run('S: * OK [CAPABILITY …');
      if (account !== null) await conversation.run(`C: login LOGIN ${account}@example.org ${JSON.stringify(PASSWORD)}\nS: login OK [CAPABILITY …`);
      if (enable) await conversation.run(`C: enable ENABLE ${enable}\nS: …\nS: enable OK ENABLE completed`);
      if (select) await conversation.run(`C: select SELECT ${JSON.stringify(select)}\nS: …\nS: select OK [READ-WRITE] SELECT completed`);
      return conversation;
    };
    try {
      await play({ connect, clock: server.clock, gateway: server.gateway, port: server.port, storeOf: server.gateway.storeOf });
    } finally {
      for (const conversation of conversations) conversation.close();
      await server.close();
    }
    expect(server.bugs).toEqual([]);
  });
}

export class Conversation {
  constructor(private readonly socket: LineSocket, private readonly bindings: Map<string, string>) {}

  async run(script: string): Promise<void> {
    const lines = script.split('\n').map((line) => line.trimStart()).filter((line) => line !== '');
    let skips = false;
    for (const line of lines) {
      if (line.startsWith('C:')) this.socket.send(`${this.#filledIn(line.slice(3))}\r\n`);
      else if (line.trim() === 'S: …') skips = true;
      else {
        await this.#expect(line.slice(3), skips);
        skips = false;
      }
    }
  }

  compress(): void {
    this.socket.compress();
  }

  /** Sends exactly these octets. */
  send(octets: string | Uint8Array): void {
    this.socket.send(octets);
  }

  /** The server has closed the connection. */
  async expectEnd(): Promise<void> {
    expect(await this.socket.readLine()).toBeNull();
  }

  close(): void {
    this.socket.close();
  }

  async #expect(expected: string, skips: boolean): Promise<void> {
    const pattern = this.#patternOf(expected.trimEnd());
    for (;;) {
      const line = await this.socket.readLine();
      const match = line === null ? null : pattern.exec(line.trimEnd());
      for (const [name, value] of Object.entries(match?.groups ?? {})) this.bindings.set(name, value);
      if (match) return;
      if (!skips || line === null) expect(line).toBe(this.#filledIn(expected));
    }
  }

  #filledIn(text: string): string {
    return text.replace(/<([a-zA-Z]\w*)>/g, (whole, name: string) => this.bindings.get(name) ?? whole);
  }

  /** `…` within a line stands for any text. */
  #patternOf(expected: string): RegExp {
    const source = this.#filledIn(expected)
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/<([a-zA-Z]\w*)>/g, '(?<$1>.+?)')
      .replaceAll('…', '.*');
    return new RegExp(`^${source}$`, 's');
  }
}
