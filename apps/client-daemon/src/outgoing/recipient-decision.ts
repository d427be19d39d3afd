// "Encrypt if possible", for one recipient. A look-up that failed never becomes cleartext: the recipient waits.

import type { KeyResolution } from '@paloma/keyring';

export type RecipientDecision =
  | { kind: 'encrypt'; certificate: Uint8Array }
  | { kind: 'signOnly' }
  | { kind: 'wait'; reason: string };

export function decideRecipient(resolution: KeyResolution): RecipientDecision {
  switch (resolution.state) {
    case 'verified':
    case 'found': return { kind: 'encrypt', certificate: resolution.certificate };
    case 'noKey': return { kind: 'signOnly' };
    case 'keyChanged': return { kind: 'wait', reason: 'the key of this address changed: review it, then it will be sent' };
    case 'lookupFailed': return { kind: 'wait', reason: 'the key of this address could not be looked up; trying again' };
  }
}
