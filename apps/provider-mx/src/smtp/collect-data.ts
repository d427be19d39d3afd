// DATA into memory: never on disk, within the message limit and the budget of all messages together.
//
// A sender whose message does not fit now waits: we read on when there is room for all of it, by the size that he announced (RFC 1870).
// Room for a part would let two halves wait for each other.

import type { Readable } from 'node:stream';
import type { SMTPServerSession } from 'smtp-server';
import type { ByteBudget } from './byte-budget.js';
import { SmtpRefusal } from './smtp-reply.js';

const CR = 0x0d;
const LF = 0x0a;
/** Smaller messages wait for nothing: letters go on while attachments are waiting. All connections together: 32 MiB. */
const SMALL_BYTES = 64 * 1024;
/** RFC 5321 §4.5.3.2.5: a sender gives a block of DATA three minutes to leave. */
const MAX_WAIT_MS = 150_000;

export interface CollectLimits {
  maxMessageBytes: number;
  /** As the sender said at MAIL; null: he did not. */
  announcedBytes: number | null;
  /** Null: the octets are in memory already, and counted. */
  budget: ByteBudget | null;
}

/** SIZE of the MAIL command. */
export function announcedBytes({ envelope: { mailFrom } }: SMTPServerSession): number | null {
  const size = mailFrom === false || mailFrom.args === false ? undefined : (mailFrom.args as Record<string, unknown>)['SIZE'];
  return typeof size === 'string' && /^\d{1,15}$/.test(size) ? Number(size) : null;
}

/**
 * Reads the message and hands it to `use`; the octets count against the budget until `use` is done. What is over a limit
 * is read to its end and dropped, since a client hears the refusal only after its message.
 * @throws {SmtpRefusal} "tooLarge", "noRoomNow", "bareLineEnd"
 */
export async function withData<Result>(stream: Readable, limits: CollectLimits, use: (octets: Uint8Array) => Promise<Result>): Promise<Result> {
  const collected = new CollectedData(limits);
  try {
    for await (const chunk of stream) await collected.add(chunk as Buffer);
    return await use(collected.octets());
  } finally {
    collected.release();
  }
}

class CollectedData {
  /** As large as the room that was taken: octets are copied once, and memory that is never written is never used. */
  #octets: Buffer;
  #sizeBytes = 0;
  #takenBytes = 0;
  #refusal: SmtpRefusal | null = null;

  /** What is small needs no room, but no more memory than announced either: the collector counts all of it. */
  constructor(private readonly limits: CollectLimits) {
    this.#octets = Buffer.allocUnsafe(Math.min(limits.announcedBytes ?? SMALL_BYTES, SMALL_BYTES));
  }

  async add(chunk: Buffer): Promise<void> {
    if (this.#refusal !== null) return;
    const sizeBytes = this.#sizeBytes + chunk.length;
    if (sizeBytes > this.limits.maxMessageBytes) return this.#refuse('tooLarge');
    if (sizeBytes > this.#octets.length && sizeBytes <= SMALL_BYTES) this.#move(SMALL_BYTES);
    if (sizeBytes > this.#octets.length && !await this.#makeRoom(sizeBytes)) return this.#refuse('noRoomNow');
    chunk.copy(this.#octets, this.#sizeBytes);
    this.#sizeBytes = sizeBytes;
  }

  octets(): Uint8Array {
    if (this.#refusal !== null) throw this.#refusal;
    const octets = this.#octets.subarray(0, this.#sizeBytes);
    this.#keep(Math.min(this.#takenBytes, octets.length));
    if (hasBareLineEnd(octets)) throw new SmtpRefusal('bareLineEnd');
    return octets;
  }

  release(): void {
    this.#keep(0);
    this.#octets = Buffer.alloc(0);
  }

  /** Who sends more than he announced gets more room only where there is some. */
  async #makeRoom(sizeBytes: number): Promise<boolean> {
    const { announcedBytes: announced, maxMessageBytes, budget } = this.limits;
    const isFirst = this.#takenBytes === 0;
    const roomBytes = isFirst ? Math.max(sizeBytes, Math.min(announced ?? maxMessageBytes, maxMessageBytes)) : Math.min(2 * sizeBytes, maxMessageBytes);
    const wantedBytes = roomBytes - this.#takenBytes;
    if (budget !== null && !(isFirst ? await budget.take(wantedBytes, MAX_WAIT_MS) : budget.tryTake(wantedBytes))) return false;
    this.#takenBytes = roomBytes;
    this.#move(roomBytes);
    return true;
  }

  #move(sizeBytes: number): void {
    const octets = Buffer.allocUnsafeSlow(sizeBytes);
    this.#octets.copy(octets, 0, 0, this.#sizeBytes);
    this.#octets = octets;
  }

  #keep(sizeBytes: number): void {
    this.limits.budget?.giveBack(this.#takenBytes - sizeBytes);
    this.#takenBytes = sizeBytes;
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
