/** The version this program speaks and the oldest it serves. A change needs a line in docs/protocol/sync.md §8. */
export const PROTOCOL_VERSION = 1;
