/**
 * Hears the octets of every dialogue as they pass, behind TLS. They hold credentials and mail: whoever shows them to somebody has
 * to take those out first. It must neither throw nor keep the octets.
 */
export interface ImapTap {
  /** `connection` counts from 1 and is never used again. */
  opened(connection: number): void;
  received(connection: number, octets: Uint8Array): void;
  sent(connection: number, octets: Uint8Array): void;
  closed(connection: number): void;
}

export const silentTap: ImapTap = { opened: () => {}, received: () => {}, sent: () => {}, closed: () => {} };
