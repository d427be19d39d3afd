import type { AccountId } from '@paloma/shared-model';

/** A file of the blob directory; fresh for each write, so that a file is never changed and never written twice. */
export interface StoredFile {
  fileId: string;
  sizeBytes: number;
}

/** Octets `from` to `to`, both included, counted from 0. */
export interface OctetRange {
  from: number;
  to: number;
}

/** Where octets too many for a database row are kept. Rows name files; a file without a row is garbage, never the reverse. */
export abstract class BlobDirectory {
  /**
   * Durable (fsync) when it resolves; nothing is left when it fails.
   * @throws {WireError} "tooLarge" over `maxBytes`
   */
  abstract write(accountId: AccountId, octets: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredFile>;
  /** @throws {WireError} "notFound" */
  abstract read(accountId: AccountId, fileId: string, range?: OctetRange): AsyncIterable<Uint8Array>;
  /** Not there: nothing to do. */
  abstract remove(accountId: AccountId, fileId: string): Promise<void>;
  /** Every file of the account. */
  abstract removeAll(accountId: AccountId): Promise<void>;
}
