import { canonicalAddress, type MailAddress } from '@paloma/shared-model';
import type { CertificateDirectory, DirectoryAnswer } from '@paloma/keyring';

/** A directory that knows what a test has told it; of others it says that they have no key. */
export class MemoryCertificateDirectory implements CertificateDirectory {
  readonly answers = new Map<string, DirectoryAnswer>();
  /** Addresses that were asked about. */
  readonly asked: string[] = [];

  publish(address: MailAddress, certificate: Uint8Array): void {
    this.answers.set(canonicalAddress(address), { found: [certificate], source: 'wkd' });
  }

  async lookUp(address: MailAddress): Promise<DirectoryAnswer> {
    this.asked.push(address);
    return this.answers.get(canonicalAddress(address)) ?? 'noKey';
  }
}
