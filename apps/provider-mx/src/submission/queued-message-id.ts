import { createHmac } from 'node:crypto';
import type { AccountId, MailAddress } from '@paloma/shared-model';
import type { DeliveryKey } from '../config/secret-files.js';
import type { QueuedMessageId } from '../outgoing/outgoing-queue.js';

/** Keeps these apart from ids of incoming items, which are made with the same key. */
const PURPOSE = 'queued message';

export interface Submission {
  accountId: AccountId;
  reversePath: string;
  forwardPaths: readonly MailAddress[];
  /** DATA exactly as it was received, without our trace fields: those carry the time. */
  dataOctets: Uint8Array;
}

/** The same message of the same account to the same recipients, in any order, has the same id: a hand-over repeated after a lost `250` is recognised. */
export function queuedMessageId(key: DeliveryKey, { accountId, reversePath, forwardPaths, dataOctets }: Submission): QueuedMessageId {
  const envelope = JSON.stringify([PURPOSE, accountId, reversePath, [...forwardPaths].sort()]);
  return formatId(createHmac('sha256', key.reveal()).update(envelope).update('\0').update(dataOctets).digest('hex'));
}

/** Of a message of our own that is known by what it is about, and shall be queued once. */
export function keyedMessageId(key: DeliveryKey, about: readonly string[]): QueuedMessageId {
  return formatId(createHmac('sha256', key.reveal()).update(JSON.stringify(about)).digest('hex'));
}

function formatId(digest: string): QueuedMessageId {
  return digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5') as QueuedMessageId;
}
