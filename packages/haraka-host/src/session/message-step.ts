// From the first line of DATA to the reply after it: collecting, data_post, queue.

import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setAsideForgedResults, writeResults } from '../connection/authentication-results.js';
import type { Connection } from '../connection/connection.js';
import type { Transaction } from '../connection/transaction.js';
import type { HookRunner } from '../hooks/hook-runner.js';
import { OK } from '../hooks/next-code.js';
import { LineSplitter } from '../message/line-splitter.js';
import { receivedField } from '../message/received-field.js';
import { accepted, actionOf, GONE, outcomeOf, refused, type Outcome } from './outcome.js';

/** RFC 5321 §6.3 has hosts count; real paths stay under 20. */
const MAX_RECEIVED_FIELDS = 100;
/** Haraka's streams hold no larger header. */
const MAX_HEADER_BYTES = 512 * 1024;
/** A body of nothing but boundaries would keep parsers busy. */
const MAX_MIME_PARTS = 1000;

/** Octets of messages in memory, all connections together. */
export interface MemoryBudget {
  /** False when they do not fit; then nothing is taken. */
  tryTake(sizeBytes: number): boolean;
  giveBack(sizeBytes: number): void;
}

export interface HandedMessage {
  /** As plugins left it. */
  octets: Buffer;
  /** SHA-256 of DATA as it was received, whatever plugins made of it. */
  receivedSha256: Buffer;
}

/** Takes over a message that no plugin took: the outcome is the reply. */
export type Deliver = (message: HandedMessage) => Promise<Outcome>;

export interface IncomingData extends Readable {
  /** Set once more came than the listener takes. */
  sizeExceeded: boolean;
}

const NOT_QUEUED = refused(451, '4.3.0 nobody takes mail over here now, try later');

export class MessageStep {
  readonly #lines = new LineSplitter();
  readonly #digest = createHash('sha256');
  #headerBytes = 0;
  #takenBytes = 0;
  #problem: Outcome | null = null;

  constructor(private readonly connection: Connection, private readonly transaction: Transaction, private readonly hooks: HookRunner, private readonly budget: MemoryBudget) {}

  /** `deliver`: the program's own; `null` when only plugins can take mail over. */
  async run(data: IncomingData, deliver: Deliver | null): Promise<Outcome> {
    try {
      this.transaction.addOwnLine(`Received: ${receivedField(this.connection, this.transaction)}\r\n`);
      for await (const chunk of data) this.#collect(chunk as Buffer, data);
      const outcome = await this.#judge(data, deliver);
      this.#count(outcome);
      return outcome;
    } finally {
      this.budget.giveBack(this.#takenBytes);
    }
  }

  #collect(chunk: Buffer, data: IncomingData): void {
    if (data.sizeExceeded || this.#problem !== null) return;
    if (!this.budget.tryTake(chunk.length)) {
      this.#problem = refused(452, '4.3.1 too much mail at once, try again later');
      return;
    }
    this.#takenBytes += chunk.length;
    this.#digest.update(chunk);
    for (const line of this.#lines.add(chunk)) this.#addLine(line);
  }

  #addLine(line: Buffer): void {
    const { transaction } = this;
    transaction.addLine(line);
    if (!transaction.isInBody) this.#headerBytes += line.length;
    if (this.#headerBytes > MAX_HEADER_BYTES) this.#problem = refused(552, '5.3.4 header is too large');
    if (transaction.mime_part_count > MAX_MIME_PARTS) this.#problem = refused(554, '5.6.0 too many parts');
  }

  async #judge(data: IncomingData, deliver: Deliver | null): Promise<Outcome> {
    const { connection, transaction } = this;
    if (data.sizeExceeded) return this.#tooLarge();
    const rest = this.#lines.end();
    if (rest.length > 0) transaction.addLine(rest);
    if (this.#lines.hasBareLineEnd) return refused(550, '5.6.11 bare carriage return or line feed in the message');
    if (this.#problem !== null) return this.#problem;
    connection.totalbytes += transaction.data_bytes;
    await transaction.end();
    if (transaction.header.get_all('received').length > MAX_RECEIVED_FIELDS) return refused(550, '5.4.6 message loops');
    return this.#process(deliver);
  }

  async #process(deliver: Deliver | null): Promise<Outcome> {
    const { connection } = this;
    setAsideForgedResults(connection);
    const outcome = outcomeOf('data_post', await this.hooks.run('data_post', connection));
    if (outcome.kind !== 'accepted') return outcome;
    writeResults(connection);
    return this.#queue(deliver);
  }

  async #queue(deliver: Deliver | null): Promise<Outcome> {
    const { connection, transaction } = this;
    const hook = connection.relaying ? 'queue_outbound' : 'queue';
    const verdict = await this.hooks.run(hook, connection);
    const outcome = outcomeOf(hook, verdict);
    if (outcome.kind !== 'accepted') return outcome;
    const taken = verdict.code === OK ? accepted(verdict.message ?? 'queued') : await this.#deliver(deliver);
    if (taken.kind !== 'accepted') return taken;
    transaction.results.add({ name: 'queue' }, { pass: taken.text ?? 'queued' });
    transaction.msg_status = 'accepted';
    await this.hooks.run('queue_ok', connection, `${taken.text ?? 'queued'} (${transaction.uuid})`);
    return taken;
  }

  async #deliver(deliver: Deliver | null): Promise<Outcome> {
    return deliver === null || this.transaction.discard_data ? NOT_QUEUED : deliver({ octets: await this.transaction.octets(), receivedSha256: this.#digest.digest() });
  }

  async #tooLarge(): Promise<Outcome> {
    const verdict = await this.hooks.run('max_data_exceeded', this.connection);
    if (verdict.gone) return GONE;
    const outcome = outcomeOf('max_data_exceeded', verdict);
    return outcome.kind === 'refused' ? outcome : refused(552, '5.3.4 message is too large');
  }

  #count(outcome: Outcome): void {
    if (outcome.kind === 'gone') return;
    const action = actionOf(outcome);
    this.connection.msg_count[action] += 1;
    this.transaction.msg_status = ({ accept: 'accepted', tempfail: 'deferred', reject: 'rejected' } as const)[action];
  }
}
