import type { MailAddress } from '@paloma/shared-model';

/**
 * What a directory says. `noKey` is authoritative: whoever is responsible for the address has none for it. `lookupFailed` is
 * an outage. Taking the one for the other would turn a network fault into cleartext mail.
 */
export type DirectoryAnswer =
  | { found: Uint8Array[]; source: 'ownProvider' | 'wkd' }
  | 'noKey'
  | 'lookupFailed';

/** Where certificates of correspondents are looked up (port). Implementations do not throw. */
export interface CertificateDirectory {
  lookUp(address: MailAddress): Promise<DirectoryAnswer>;
}
