// Which recipients share a copy. Those named in To and Cc share one; a blind recipient gets a copy of his own, because the
// key ids on an encrypted message would tell the others about him (RFC 9580 §5.1).

import type { RecipientDecision } from './recipient-decision.js';

export interface PlannedTransmission {
  protection: 'encrypted' | 'signedOnly';
  forwardPaths: string[];
  /** Certificates to encrypt to; empty when only signed. */
  certificates: Uint8Array[];
}

export interface DecidedRecipient {
  forwardPath: string;
  isBlind: boolean;
  decision: RecipientDecision;
}

export function planTransmissions(recipients: readonly DecidedRecipient[]): PlannedTransmission[] {
  const encrypted = recipients.filter((recipient) => recipient.decision.kind === 'encrypt');
  const shared = encrypted.filter(({ isBlind }) => !isBlind);
  const blind = encrypted.filter(({ isBlind }) => isBlind);
  const signedOnly = recipients.filter(({ decision }) => decision.kind === 'signOnly');
  return [shared, ...blind.map((recipient) => [recipient]), signedOnly].filter((group) => group.length > 0).map(planGroup);
}

function planGroup(group: readonly DecidedRecipient[]): PlannedTransmission {
  const certificates = group.flatMap(({ decision }) => (decision.kind === 'encrypt' ? [decision.certificate] : []));
  return { protection: certificates.length > 0 ? 'encrypted' : 'signedOnly', forwardPaths: group.map(({ forwardPath }) => forwardPath), certificates };
}
