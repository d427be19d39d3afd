// A conversation with an SMTP server as a test: `C:` lines are sent, `S:` lines must come, in this order and no others between.
// `…` within a line stands for any text.

import { expect } from '@jest/globals';
import { LineSocket } from '@paloma/test-kit';

export class SmtpConversation {
  private constructor(readonly socket: LineSocket) {}

  static async open(port: number): Promise<SmtpConversation> {
    return new SmtpConversation(await LineSocket.connect(port));
  }

  async run(script: string): Promise<void> {
    for (const line of script.split('\n').map((each) => each.trimStart()).filter((each) => each !== '')) {
      if (line.startsWith('C:')) this.socket.send(`${line.slice(3)}\r\n`);
      else expect(await this.socket.readLine()).toMatch(patternOf(line.slice(3)));
    }
  }
}

function patternOf(expected: string): RegExp {
  return new RegExp(`^${expected.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')}$`, 's');
}
