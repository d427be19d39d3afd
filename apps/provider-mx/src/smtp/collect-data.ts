// DATA into memory: never on disk, within the message limit and the budget of all messages together.

import type { Readable } from 'node:stream';
import type { ByteBudget } from './byte-budget.js';
import { SmtpRefusal } from './smtp-reply.js';

const CR = 0x0d;
const LF = 0x0a;

export interface CollectLimits {
  maxMessageBytes: number;
  budget: ByteBudget;
}

/**
 * Reads the message and hands it to `use`; the octets count against the budget until `use` is done. What is over a limit
 * is read to its end and dropped, since a client hears the refusal only after its message.
 * @throws {SmtpRefusal} "tooLarge", "noRoomNow", "bareLineEnd"
 */
export async function withData<Result>(stream: Readable, limits: CollectLimits, use: (octets: Uint8Array) => Promise<Result>): Promise<Result> {
  const collected = new CollectedData(limits);
  try {
    for await (const chunk of stream) collected.add(chunk as Buffer);
    return await use(collected.octets());
  } finally {
    collected.release();
  }
}

class CollectedData {
  #chunks: Buffer[] = [];
  #sizeBytes = 0;
  #refusal: SmtpRefusal | null = null;

  constructor(private readonly limits: CollectLimits) {}

  add(chunk: Buffer): void {
    if (this.#refusal !== null) return;
    if (this.#sizeBytes + chunk.length > this.limits.maxMessageBytes) return this.#refuse('tooLarge');
    if (!this.limits.budget.tryTake(chunk.length)) return this.#refuse('noRoomNow');
    this.#sizeBytes += chunk.length;
    this.#chunks.push(chunk);
  }

  octets(): Uint8Array {
    if (this.#refusal !== null) throw this.#refusal;
    const octets = Buffer.concat(this.#chunks);
    this.#chunks = [];
    if (hasBareLineEnd(octets)) throw new SmtpRefusal('bareLineEnd');
    return octets;
  }

  release(): void {
    this.limits.budget.giveBack(this.#sizeBytes);
    this.#sizeBytes = 0;
    this.#chunks = [];
  }

  #refuse(code: 'tooLarge' | 'noRoomNow'): void {
    this.release();
    this.#refusal = new SmtpRefusal(code);
  }
}

/**
 * CR and LF may stand only together (RFC 5321 §2.3.8). A next host that takes a bare one for a line end could see the end
 * of DATA where we saw none, and commands of the sender's after it (SMTP smuggling).
 */
function hasBareLineEnd(octets: Uint8Array): boolean {
  for (let at = octets.indexOf(LF); at >= 0; at = octets.indexOf(LF, at + 1)) {
    if (octets[at - 1] !== CR) return true;
  }
  for (let at = octets.indexOf(CR); at >= 0; at = octets.indexOf(CR, at + 1)) {
    if (octets[at + 1] !== LF) return true;
  }
  return false;
}
