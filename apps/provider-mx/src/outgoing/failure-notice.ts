import { formatDeliveryStatusNotification, type FailedRecipient } from '@paloma/mail-format';
import { parseMailAddress, type RandomSource } from '@paloma/shared-model';
import type { Configuration } from '../config/configuration.js';
import type { Claim, OutgoingMessage } from './outgoing-queue.js';

/**
 * The notice about recipients that will not get a message, as a message with the null reverse path: it goes through the
 * queue as any other and reaches our own users encrypted. None about a notice (RFC 5321 §6.1), and none about nobody.
 */
export function makeFailureNotice(claim: Claim, failedRecipients: readonly FailedRecipient[], configuration: Configuration, nowMs: number, random: RandomSource): OutgoingMessage | null {
  if (failedRecipients.length === 0 || claim.reversePath === '') return null;
  const randomName = (): string => Buffer.from(random.bytes(15)).toString('hex');
  const octets = formatDeliveryStatusNotification({
    domain: configuration.domain,
    reportingMta: configuration.hostname,
    sender: claim.reversePath,
    id: randomName(),
    date: nowMs,
    arrivedAt: claim.acceptedAtMs,
    failedRecipients,
    original: claim.octets,
  }, randomName);
  return { reversePath: '', forwardPaths: [parseMailAddress(claim.reversePath)], octets };
}
