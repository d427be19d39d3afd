import type { CredentialKind } from '@paloma/crypto/public';

/** Column of `account` that holds the OPAQUE record of each credential. */
export const RECORD_COLUMN = { passphrase: 'registration_record', recovery: 'recovery_record' } as const satisfies Record<CredentialKind, string>;
