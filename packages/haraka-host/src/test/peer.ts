// A client that plays one side of an SMTP transcript against a real socket.

import { expect } from '@jest/globals';
import { LineSocket } from '@paloma/test-kit';

export class Peer {
  private constructor(private readonly lines: LineSocket) {}

  /** Connects as if from `address`, by a PROXY line: plugins pass over private and loopback peers. */
  static async connect(port: number, address = '192.0.2.7', peerPort = 4321): Promise<Peer> {
    const peer = new Peer(await LineSocket.connect(port));
    await peer.write(`PROXY TCP4 ${address} 127.0.0.1 ${peerPort} 25\r\n`);
    return peer;
  }

  /**
   * Plays `C: ` and `S: ` lines. A reply of several lines is written in one, with ` | ` between; `…` at the end of a line stands
   * for anything, and `S: closed` for the end of the connection.
   */
  async run(transcript: string): Promise<void> {
    for (const line of transcript.split('\n').map((text) => text.trim()).filter(Boolean)) {
      const text = line.slice(3);
      if (line.startsWith('C: ')) await this.write(`${text.replaceAll('\\r\\n', '\r\n')}\r\n`);
      else expectReply(await this.reply(), text);
    }
  }

  async say(line: string): Promise<string> {
    await this.write(`${line}\r\n`);
    return this.reply();
  }

  write(octets: string | Buffer): Promise<void> {
    return new Promise((resolve) => this.lines.socket.write(octets, () => resolve()));
  }

  /** One reply; `closed` when there is none. */
  async reply(): Promise<string> {
    const lines: string[] = [];
    for (;;) {
      const line = await this.lines.readLine();
      if (line === null) return [...lines, 'closed'].join(' | ');
      lines.push(line);
      if (/^\d{3}(?: |$)/.test(line)) return lines.join(' | ');
    }
  }

  close(): void {
    this.lines.close();
  }
}

function expectReply(reply: string, wanted: string): void {
  if (wanted.endsWith('…')) expect(reply.slice(0, wanted.length - 1)).toBe(wanted.slice(0, -1));
  else expect(reply).toBe(wanted);
}
