// Empties the outbox: decides for each recipient, protects, keeps the exact octets, hands them to the provider, and records what
// happened. One submission at a time, so that a large outbox after a journey does not flood the line.

import assert from 'node:assert/strict';
import {
  canonicalAddress, parseMailAddress, parseSubmissionId,
  type Clock, type RandomSource, type SubmissionDocument, type SubmissionId, type Transmission,
} from '@paloma/shared-model';
import type { Keyring } from '@paloma/keyring';
import { fieldsNamed, flattenAddresses, parseAddressList, parseHeaderBlock } from '@paloma/mail-format';
import type { Logger } from '../log.js';
import type { Outbox } from './outbox.js';
import { planTransmissions, type DecidedRecipient, type PlannedTransmission } from './plan-transmissions.js';
import { encryptMessage, signMessage, type ProtectionKeys } from './protect-message.js';
import { decideRecipient } from './recipient-decision.js';
import { GIVE_UP_AFTER_MS, retryDelayMs } from './retry-schedule.js';
import { isFinished } from './submission-records.js';
import type { SubmissionClient, TransmissionResult } from './submission-client.js';

export interface SenderOptions {
  outbox: Outbox;
  keyring: Keyring;
  client: SubmissionClient;
  clock: Clock;
  random: RandomSource;
  log: Logger;
}

export class Sender {
  readonly #options: SenderOptions;
  #running: Promise<void> | null = null;
  #isAskedAgain = false;
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: SenderOptions) {
    this.#options = options;
    options.outbox.subscribe(() => this.wake());
  }

  /** Looks at the outbox now; harmless when there is nothing to do. */
  wake(): void {
    if (this.#isStopped) return;
    this.#isAskedAgain = true;
    this.#running ??= this.#run().finally(() => { this.#running = null; });
  }

  /** Resolves when nothing is being sent. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#running;
  }

  async #run(): Promise<void> {
    const { outbox, clock, log } = this.#options;
    while (this.#isAskedAgain && !this.#isStopped) {
      this.#isAskedAgain = false;
      for (const submission of outbox.records.unfinished()) {
        if (this.#isStopped || submission.nextAttemptAtMs > clock.nowMs()) continue;
        await this.#attempt(submission).catch((error: unknown) => {
          log.error({ err: error, submissionId: submission.submissionId }, 'sending failed');
          this.#postpone(submission);
        });
      }
    }
    this.#sleep();
  }

  /** Wakes for the next attempt that is due. */
  #sleep(): void {
    const { outbox, clock } = this.#options;
    if (this.#timer) clearTimeout(this.#timer);
    const dueAtMs = Math.min(...outbox.records.unfinished().map(({ nextAttemptAtMs }) => nextAttemptAtMs));
    if (Number.isFinite(dueAtMs) && !this.#isStopped) {
      this.#timer = setTimeout(() => this.wake(), Math.min(Math.max(dueAtMs - clock.nowMs(), 0), 2 ** 31 - 1)).unref();
    }
  }

  async #attempt(stored: SubmissionDocument): Promise<void> {
    const { outbox } = this.#options;
    await outbox.fileCopy(stored);
    let submission = await this.#prepare(parseSubmissionId(stored.submissionId));
    for (const transmission of submission.transmissions) {
      const result = await this.#transmit(submission, transmission);
      submission = this.#record(submission, transmission, result);
    }
    if (isFinished(submission)) this.#finish(submission);
    else this.#postpone(submission);
  }

  /** Decides for recipients that are still undecided, and keeps the protected octets before anything leaves. */
  async #prepare(submissionId: SubmissionId): Promise<SubmissionDocument> {
    const { outbox } = this.#options;
    const submission = outbox.records.find(submissionId);
    assert(submission, 'an unfinished submission has its record');
    const undecided = submission.recipients.filter(({ state, protection }) => state === 'waiting' && protection === 'undecided');
    if (undecided.length === 0) return submission;
    const octets = await outbox.records.loadOctets(submission.messageBlobId);
    const decided = await this.#decide(undecided.map(({ forwardPath }) => forwardPath), octets);
    const transmissions: Transmission[] = [];
    for (const planned of planTransmissions(decided)) {
      const transmission = await this.#protect(octets, planned);
      if (transmission) transmissions.push(transmission);
    }
    return outbox.records.change(submissionId, (current) => withDecisions(current, decided, transmissions));
  }

  async #decide(forwardPaths: readonly string[], octets: Uint8Array): Promise<DecidedRecipient[]> {
    const visible = visibleRecipients(octets);
    return Promise.all(forwardPaths.map(async (forwardPath) => {
      const address = parseMailAddress(forwardPath);
      const decision = decideRecipient(await this.#options.keyring.resolve(address));
      return { forwardPath, isBlind: !visible.has(canonicalAddress(address)), decision };
    }));
  }

  async #protect(octets: Uint8Array, { protection, certificates, forwardPaths }: PlannedTransmission): Promise<Transmission | null> {
    const keys = this.#ownKeys();
    const protectedOctets = protection === 'encrypted'
      ? await encryptMessage(octets, certificates, keys, this.#options)
      : await signMessage(octets, keys, this.#options);
    if (protectedOctets === null) return null;
    return { blobId: this.#options.outbox.records.keepOctets(protectedOctets), sizeBytes: protectedOctets.length, protection, forwardPaths: [...forwardPaths] };
  }

  #ownKeys(): ProtectionKeys {
    const { keyring } = this.#options;
    const [secretKey] = keyring.ownSecretKeys();
    assert(secretKey, 'an open account has its own key');
    return { secretKey, certificate: keyring.ownCertificate(), autocryptHeader: keyring.autocryptHeader() };
  }

  async #transmit(submission: SubmissionDocument, transmission: Transmission): Promise<TransmissionResult> {
    const waiting = transmission.forwardPaths.filter((path) => submission.recipients.some(({ forwardPath, state }) => forwardPath === path && state === 'waiting'));
    if (waiting.length === 0) return { accepted: [], refused: [], waitReason: null };
    const { outbox, client } = this.#options;
    return client.send({ octets: await outbox.records.loadOctets(transmission.blobId), reversePath: submission.reversePath, forwardPaths: waiting });
  }

  #record(submission: SubmissionDocument, transmission: Transmission, { accepted, refused, waitReason }: TransmissionResult): SubmissionDocument {
    return this.#options.outbox.records.change(parseSubmissionId(submission.submissionId), (current) => ({
      ...current,
      undoStatus: accepted.length > 0 ? 'final' : current.undoStatus,
      recipients: current.recipients.map((recipient) => {
        const refusal = refused.find(({ forwardPath }) => forwardPath === recipient.forwardPath);
        if (refusal) return { ...recipient, state: 'refused', lastReply: refusal.reply };
        if (accepted.includes(recipient.forwardPath)) return { ...recipient, state: 'sent', lastReply: '250 2.0.0 taken by the provider' };
        const isHere = transmission.forwardPaths.includes(recipient.forwardPath) && recipient.state === 'waiting';
        return isHere && waitReason !== null ? { ...recipient, lastReply: waitReason } : recipient;
      }),
    }));
  }

  #postpone(submission: SubmissionDocument): void {
    const { outbox, clock } = this.#options;
    const nowMs = clock.nowMs();
    const hasRunOut = nowMs - submission.createdAtMs > GIVE_UP_AFTER_MS;
    outbox.records.change(parseSubmissionId(submission.submissionId), (current) => ({
      ...current,
      attempts: current.attempts + 1,
      nextAttemptAtMs: nowMs + retryDelayMs(current.attempts + 1),
      recipients: hasRunOut ? current.recipients.map((each) => (each.state === 'waiting' ? { ...each, state: 'refused' } : each)) : current.recipients,
    }));
  }

  /** The record stays; the octets are not needed any more. */
  #finish({ submissionId, messageBlobId, transmissions }: SubmissionDocument): void {
    const { records } = this.#options.outbox;
    records.change(parseSubmissionId(submissionId), (current) => ({ ...current, transmissions: [], undoStatus: current.undoStatus === 'canceled' ? 'canceled' : 'final' }));
    records.forgetOctets([messageBlobId, ...transmissions.map(({ blobId }) => blobId)]);
  }
}

/** Recipients that every reader sees; the others are blind. */
function visibleRecipients(octets: Uint8Array): ReadonlySet<string> {
  const fields = parseHeaderBlock(octets);
  const lists = ['To', 'Cc'].flatMap((name) => fieldsNamed(fields, name));
  const addresses = lists.flatMap(({ text }) => flattenAddresses(parseAddressList(text)));
  return new Set(addresses.map(({ localPart, domain }) => `${localPart}@${domain}`.normalize('NFC').toLowerCase()));
}

function withDecisions(submission: SubmissionDocument, decided: readonly DecidedRecipient[], transmissions: readonly Transmission[]): SubmissionDocument {
  const protectionOf = (path: string): Transmission['protection'] | undefined => transmissions.find(({ forwardPaths }) => forwardPaths.includes(path))?.protection;
  const reasonOf = (path: string): string | undefined => {
    const decision = decided.find(({ forwardPath }) => forwardPath === path)?.decision;
    return decision?.kind === 'wait' ? decision.reason : undefined;
  };
  return {
    ...submission,
    transmissions: [...submission.transmissions, ...transmissions],
    recipients: submission.recipients.map((recipient) => ({
      ...recipient,
      protection: protectionOf(recipient.forwardPath) ?? recipient.protection,
      lastReply: reasonOf(recipient.forwardPath) ?? recipient.lastReply,
    })),
  };
}
