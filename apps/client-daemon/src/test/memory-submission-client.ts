// The twin of SmtpSubmissionClient without a network; both pass submission-client.contract.ts.

import { NOTHING_SENT, type OutgoingTransmission, type SubmissionClient, type TransmissionResult } from '../outgoing/submission-client.js';
import type { SubmissionProvider } from './submission-provider.js';

export class MemorySubmissionClient implements SubmissionClient {
  constructor(private readonly provider: SubmissionProvider) {}

  async send({ octets, reversePath, forwardPaths, notifications, claim, signal }: OutgoingTransmission): Promise<TransmissionResult> {
    await Promise.resolve();
    const { provider } = this;
    if (!provider.isReachable || signal.aborted) return waiting('the provider could not be reached');
    const loginReply = provider.loginReply();
    if (loginReply?.startsWith('525')) return waiting('the operator of the provider has disabled this account');
    if (loginReply !== null) return waiting(isFinal(loginReply) ? 'the provider asks you to sign in again' : loginReply);
    if (!claim()) return NOTHING_SENT;
    if (octets.length > provider.maxMessageBytes) return refused(forwardPaths, () => '552 5.3.4 larger than the provider takes');
    const replies = new Map(forwardPaths.map((forwardPath) => [forwardPath, provider.recipientReply(forwardPath)]));
    const accepted = forwardPaths.filter((forwardPath) => replies.get(forwardPath) === null);
    const rejected = forwardPaths.filter((forwardPath) => replies.get(forwardPath) !== null);
    const messageReply = accepted.length > 0 ? provider.messageReply() : null;
    if (messageReply !== null) return isFinal(messageReply) ? refused(forwardPaths, () => messageReply) : waiting(messageReply);
    if (accepted.length > 0) provider.taken.push({ octets: Buffer.from(octets), reversePath, forwardPaths: accepted, notifications: notifications && { ...notifications, recipients: notifications.recipients.filter((_, index) => accepted.includes(forwardPaths[index]!)) } });
    if (provider.losesAnswer) return waiting('the provider could not be reached');
    const later = rejected.map((forwardPath) => replies.get(forwardPath)!).find((reply) => !isFinal(reply));
    return { ...refused(rejected.filter((forwardPath) => isFinal(replies.get(forwardPath)!)), (forwardPath) => replies.get(forwardPath)!), accepted, waitReason: later ?? null };
  }
}

function waiting(waitReason: string): TransmissionResult {
  return { ...NOTHING_SENT, waitReason };
}

function refused(forwardPaths: readonly string[], replyTo: (forwardPath: string) => string): TransmissionResult {
  return { ...NOTHING_SENT, refused: forwardPaths.map((forwardPath) => ({ forwardPath, reply: replyTo(forwardPath) })) };
}

function isFinal(reply: string): boolean {
  return reply.startsWith('5');
}
