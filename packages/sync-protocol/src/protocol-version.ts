/** The version this program speaks and the oldest it serves. A change needs a line in docs/protocol/sync.md §9. */
export const PROTOCOL_VERSION = 1;

/**
 * What has been added within the version: requests that an older provider answers with `notFound`, fields that an older reader passes
 * over. Neither end tells the other. An addition needs a line in docs/protocol/sync.md §9, as a change does.
 */
export const PROTOCOL_REVISION = 2;

/** The version of docs/protocol/services-api.md, which has a history of its own there. */
export const SERVICES_API_VERSION = 4;
