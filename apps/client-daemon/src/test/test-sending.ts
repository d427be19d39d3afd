// A device with its outbox and sender, and the provider they send to.

import type { SubmissionDocument, SubmissionId } from '@paloma/shared-model';
import type { SubmissionInput } from '@paloma/mail-store/port';
import { Outbox } from '../outgoing/outbox.js';
import { Sender } from '../outgoing/sender.js';
import { ManualScheduler } from './manual-scheduler.js';
import { MemorySubmissionClient } from './memory-submission-client.js';
import type { SubmissionProvider } from './submission-provider.js';
import { ALICE, silentLog, type TestDevice } from './test-device.js';

export class TestSending {
  readonly outbox: Outbox;
  readonly sender: Sender;
  readonly scheduler = new ManualScheduler();

  constructor(readonly device: TestDevice, readonly provider: SubmissionProvider) {
    const { store, mailStore, keyring, clock, random } = device;
    this.outbox = new Outbox({ store, mailStore, keyring, clock, random });
    this.sender = new Sender({
      outbox: this.outbox, mailStore, keyring, client: new MemorySubmissionClient(provider), clock, random, scheduler: this.scheduler, log: silentLog,
    });
  }

  /** Submits; the sender hears of it by itself. */
  async submit(text: string, forwardPaths: readonly string[], changes: Partial<SubmissionInput> = {}): Promise<SubmissionId> {
    const outcome = await this.outbox.submit({ octets: Buffer.from(text), reversePath: ALICE, forwardPaths, ...changes });
    if (!outcome.ok) throw new Error(outcome.refusal);
    return outcome.submissionId;
  }

  /** Submits, and lets the sender do what it can do now. */
  async send(text: string, forwardPaths: readonly string[], changes: Partial<SubmissionInput> = {}): Promise<SubmissionId> {
    const submissionId = await this.submit(text, forwardPaths, changes);
    await this.sender.wake();
    return submissionId;
  }

  /** Lets time pass and the sender wake. */
  async wait(byMs: number): Promise<void> {
    this.device.clock.advance(byMs);
    await this.sender.wake();
  }

  found(submissionId: SubmissionId): SubmissionDocument {
    return this.outbox.records.find(submissionId)!;
  }

  /** State, protection and last reply of each recipient, by forward path. */
  recipients(submissionId: SubmissionId): Record<string, [state: string, protection: string, lastReply: string]> {
    return Object.fromEntries(this.found(submissionId).recipients.map(({ forwardPath, state, protection, lastReply }) => [forwardPath, [state, protection, lastReply]]));
  }

  outboxBlobs(): number {
    return this.device.store.sql.get<{ count: number }>(`SELECT count(*) AS count FROM blobs WHERE namespace = 'outbox'`)!.count;
  }
}
