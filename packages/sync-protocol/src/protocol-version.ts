/** The version this program speaks and the oldest it serves. A change needs a line in docs/protocol/sync.md §9. */
export const PROTOCOL_VERSION = 1;
