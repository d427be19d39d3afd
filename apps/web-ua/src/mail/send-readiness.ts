// May this message be sent, and how protected would it be? One answer for the summary beside Send.

import type { EmailAddress, RecipientState } from '../jmap/types.js';

export type SendReadiness =
  /** Nothing can be sent until somebody acts. */
  | { kind: 'none' | 'lookingUp' }
  | { kind: 'invalid' | 'keyChanged'; names: string[] }
  /** Can be sent; `noKey` would be readable by anyone on the way, `lookupFailed` waits in the outbox. */
  | { kind: 'noKey' | 'lookupFailed'; names: string[] }
  | { kind: 'encrypted'; count: number };

/** Worst first: an unreadable address, then what blocks, then what is not private. */
const ORDER = ['invalid', 'keyChanged', 'noKey', 'lookupFailed'] as const;

export function sendReadiness(recipients: readonly EmailAddress[], stateOf: (address: string) => RecipientState | 'lookingUp'): SendReadiness {
  if (recipients.length === 0) return { kind: 'none' };
  for (const kind of ORDER) {
    const names = recipients.filter(({ email }) => stateOf(email) === kind).map(({ email }) => email);
    if (names.length > 0) return { kind, names };
  }
  if (recipients.some(({ email }) => stateOf(email) === 'lookingUp')) return { kind: 'lookingUp' };
  return { kind: 'encrypted', count: recipients.length };
}

export const canSend = ({ kind }: SendReadiness): boolean => kind === 'encrypted' || kind === 'noKey' || kind === 'lookupFailed';
