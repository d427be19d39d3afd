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

/** RFC 8601 §5: fields that came with the message and could pass for ours are set aside under another name. */
export function setAsideForeignResults({ transaction }: Connection): void {
  const foreign = transaction?.header.get_all(FIELD) ?? [];
  for (const value of foreign) transaction?.add_header(`Original-${FIELD}`, value);
  if (foreign.length > 0) transaction?.remove_header(FIELD);
}

export function writeResults(connection: Connection): void {
  const value = connection.auth_results();
  if (value === '') return;
  connection.transaction?.remove_header(FIELD);
  connection.transaction?.add_leading_header(FIELD, value);
}
