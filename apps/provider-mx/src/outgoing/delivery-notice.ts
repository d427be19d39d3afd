import { formatDeliveryStatusNotification, type DeliveryAction, type FailedRecipient } from '@paloma/mail-format';
import { parseMailAddress, type RandomSource } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import type { Claim, OutgoingMessage } from './outgoing-queue.js';

/**
 * Notices about recipients, one for each thing that became of some of them, as messages with the null reverse path: they go
 * through the queue like all others and reach our own users encrypted. None about a notice (RFC 5321 §6.1), and none about nobody.
 */
export function makeNotices(claim: Claim, recipients: Readonly<Record<DeliveryAction, readonly FailedRecipient[]>>, configuration: Configuration, nowMs: number, random: RandomSource): OutgoingMessage[] {
  if (claim.reversePath === '') return [];
  const actions = (Object.keys(recipients) as DeliveryAction[]).filter((action) => recipients[action].length > 0);
  return actions.map((action) => makeNotice(claim, action, recipients[action], configuration, nowMs, random));
}

function makeNotice(claim: Claim, action: DeliveryAction, recipients: readonly FailedRecipient[], { domain, hostname, retry }: Configuration, nowMs: number, random: RandomSource): OutgoingMessage {
  const randomName = (): string => Buffer.from(random.bytes(15)).toString('hex');
  const octets = formatDeliveryStatusNotification({
    domain,
    reportingMta: hostname,
    sender: claim.reversePath,
    id: randomName(),
    date: nowMs,
    arrivedAt: claim.acceptedAtMs,
    action,
    envelopeId: claim.envelopeId,
    ...(action === 'delayed' && { willRetryUntil: claim.acceptedAtMs + retry.giveUpAfterSeconds * 1000 }),
    failedRecipients: recipients,
    original: claim.octets,
    returnedPart: claim.returnedPart,
  }, randomName);
  return { reversePath: '', forwardPaths: [parseMailAddress(claim.reversePath)], octets };
}
