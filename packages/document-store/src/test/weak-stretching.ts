import type { PassphraseStretching } from '@paloma/crypto/secret';

/** For tests of what a passphrase opens, not of what it costs to guess it: next to no work, where in full it takes most of their time. */
export const WEAK_STRETCHING: PassphraseStretching = { memoryKib: 32, passes: 1 };
