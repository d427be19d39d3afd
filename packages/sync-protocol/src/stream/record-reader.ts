// Cuts a source of chunks into CBOR records. Octets are copied only where a record spans chunks; what is held at any time
// is one record and the chunk its end came in.

import { ProtocolError } from '../protocol-error.js';
import { measureDataItem } from './data-item-length.js';

/** Data items in one record: each is a flat map. Bounds what an endless map of tiny entries can cost. */
const MAX_RECORD_DATA_ITEMS = 64;

export interface RecordLimits {
  /** Largest record: one sealed document or blob and the fields around it. */
  recordBytes: number;
  /** Largest whole stream. */
  streamBytes: number;
}

export class RecordReader {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #limits: RecordLimits;
  #front: Uint8Array = new Uint8Array(0);
  #receivedBytes = 0;

  constructor(source: AsyncIterable<Uint8Array>, limits: RecordLimits) {
    this.#source = source[Symbol.asyncIterator]();
    this.#limits = limits;
  }

  /**
   * The octets of the next record, a view that stays valid; null when the source ended between records.
   * @throws {ProtocolError} "truncated", "tooLarge", "malformed"
   */
  async next(): Promise<Uint8Array | null> {
    let extent = { isComplete: false, bytes: 1 };
    while (!extent.isComplete) {
      if (!(await this.#receive(extent.bytes))) return this.#endOfSource();
      extent = measureDataItem(this.#front, MAX_RECORD_DATA_ITEMS);
      if (extent.bytes > this.#limits.recordBytes) throw new ProtocolError('tooLarge', `record of ${extent.bytes} octets over limit ${this.#limits.recordBytes}`);
    }
    const record = this.#front.subarray(0, extent.bytes);
    this.#front = this.#front.subarray(extent.bytes);
    return record;
  }

  /** Lets the source go; to be called also when the stream was not read to its end. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  #endOfSource(): null {
    if (this.#front.length > 0) throw new ProtocolError('truncated', `stream broke off ${this.#front.length} octets into a record`);
    return null;
  }

  /** Makes at least `bytes` contiguous octets available at the front; false when the source ends before. */
  async #receive(bytes: number): Promise<boolean> {
    if (this.#front.length >= bytes) return true;
    const chunks = [this.#front];
    let available = this.#front.length;
    while (available < bytes) {
      const chunk = await this.#nextChunk();
      if (chunk === null) break;
      chunks.push(chunk);
      available += chunk.length;
    }
    this.#front = concatenate(chunks, available);
    return available >= bytes;
  }

  async #nextChunk(): Promise<Uint8Array | null> {
    const result = await this.#pull();
    if (result.done) return null;
    this.#receivedBytes += result.value.length;
    if (this.#receivedBytes > this.#limits.streamBytes) throw new ProtocolError('tooLarge', `stream over limit ${this.#limits.streamBytes}`);
    return result.value;
  }

  async #pull(): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.#source.next();
    } catch (cause) {
      if (cause instanceof ProtocolError) throw cause;
      throw new ProtocolError('truncated', 'the connection broke off', { cause });
    }
  }
}

function concatenate(chunks: readonly Uint8Array[], totalBytes: number): Uint8Array {
  const filled = chunks.filter((chunk) => chunk.length > 0);
  if (filled.length === 1 && filled[0]) return filled[0];
  const joined = new Uint8Array(totalBytes);
  let position = 0;
  for (const chunk of filled) {
    joined.set(chunk, position);
    position += chunk.length;
  }
  return joined;
}
