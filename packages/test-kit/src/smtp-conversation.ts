import { expect } from '@jest/globals';
import { LineSocket } from './line-socket.js';

/**
 * A conversation with an SMTP server as a test: `C:` lines are sent, `O:` octets too, without a line end but those written `\r\n`; `S:` lines
 * must come, in this order and no others between. `…` within a line stands for any text.
 */
export class SmtpConversation {
  private constructor(readonly socket: LineSocket) {}

  static async open(port: number): Promise<SmtpConversation> {
    return new SmtpConversation(await LineSocket.connect(port));
  }

  async run(script: string): Promise<void> {
    for (const line of script.split('\n').map((each) => each.trimStart()).filter((each) => each !== '')) {
      const text = line.slice(3);
      if (line.startsWith('C:')) this.socket.send(`${text}\r\n`);
      else if (line.startsWith('O:')) this.socket.send(text.replaceAll('\\r\\n', '\r\n'));
      else expect(await this.socket.readLine()).toMatch(patternOf(text));
    }
  }
}

function patternOf(expected: string): RegExp {
  return new RegExp(`^${expected.trimEnd().replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('…', '.*')}$`, 's');
}
