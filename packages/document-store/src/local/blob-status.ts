/** What becomes of blobs on this device, as state that can be watched. */
export interface BlobStatus {
  /** Wanted and not asked for yet; asked for and not here yet. */
  queued: number;
  underWay: number;
  /** Sealed octets of what was wanted since nothing was wanted last: received, and in all as far as their number is known. */
  receivedBytes: number;
  expectedBytes: number;
  /** Octets of the blobs that are here, and how many there may be; null: as many as there are. */
  localBytes: number;
  budgetBytes: number | null;
  /** Blobs given up for the budget since the store was opened. */
  evicted: number;
}
