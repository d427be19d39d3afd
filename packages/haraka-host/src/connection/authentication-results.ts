// The Authentication-Results field, RFC 8601 §2: what plugins found out about a connection and its transaction.

import utils from 'haraka-utils';
import type { Connection } from './connection.js';

const FIELD = 'Authentication-Results';

interface NotedResults {
  authentication_results?: string[];
}

/** Notes `result` where it belongs and gives the field's value: our name, then every result. Empty without results. */
export function authenticationResults(connection: Connection, result: string | undefined): string {
  const place = (connection.transaction ?? connection).notes as NotedResults;
  // Results can quote the peer: no line of theirs may become a field of ours.
  if (result) (place.authentication_results ??= []).push(utils.sanitize(result));
  const ofConnection = (connection.notes as NotedResults).authentication_results ?? [];
  const ofTransaction = (connection.transaction?.notes as NotedResults | undefined)?.authentication_results ?? [];
  const results = [...ofConnection, ...ofTransaction];
  return results.length === 0 ? '' : [connection.local.host, ...results].join(';\r\n\t');
}

/**
 * RFC 8601 §5: fields that came with the message and could pass for ours are set aside under another name. Departs from Haraka,
 * which does so with everybody's: those of other hosts are part of what the sender sent.
 */
export function setAsideForgedResults({ transaction, local }: Connection): void {
  if (transaction === null) return;
  const all = transaction.header.get_all(FIELD);
  const forged = all.filter((value) => value.trimStart().split(/[\s;]/, 1)[0]?.toLowerCase() === local.host.toLowerCase());
  if (forged.length === 0) return;
  transaction.remove_header(FIELD);
  for (const value of all) transaction.add_header(forged.includes(value) ? `Original-${FIELD}` : FIELD, value);
}

export function writeResults(connection: Connection): void {
  const value = connection.auth_results();
  if (value !== '') connection.transaction?.add_leading_header(FIELD, value);
}
