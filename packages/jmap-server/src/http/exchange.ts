import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Access } from '../access.js';
import type { AccountContext } from '../account-context.js';

/** One authenticated HTTP request to an endpoint of this server. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  /** Path segments after the endpoint's own, percent-decoded. */
  readonly pathArguments: readonly string[];
  readonly access: Access;
  readonly bearerToken: string;
  /** `null`: the token does not open this account. */
  account(accountId: string): AccountContext | null;
}
