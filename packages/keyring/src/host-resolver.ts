// Whether a host exists, asked of the name server itself. `fetch` cannot tell: to the resolver of the operating system "there is
// no such host" and "I am offline" may look alike. The decision and what it costs: docs/decisions/0006.

import { Resolver } from 'node:dns/promises';

/** Name server look-ups (port); rejections carry the codes of Node's `dns`. Must end by itself within seconds. */
export interface HostResolver {
  resolve4(host: string): Promise<readonly string[]>;
  resolve6(host: string): Promise<readonly string[]>;
}

/** A person waits; each of two attempts has this long. */
const TIMEOUT_MS = 2_000;
const TRIES = 2;

/** NXDOMAIN, and a name without records of the type (RFC 2308 §2). Every other code is an outage. */
const ABSENCE_CODES = new Set<unknown>(['ENOTFOUND', 'ENODATA']);

/** The name servers that the system is set up with. */
export function systemHostResolver(): HostResolver {
  return new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
}

/** True only when the name server said so for both kinds of address; any doubt is false. */
export async function isWithoutAddress(resolver: HostResolver, host: string): Promise<boolean> {
  const absences = await Promise.all([isAbsent(resolver.resolve4(host)), isAbsent(resolver.resolve6(host))]);
  return absences.every(Boolean);
}

async function isAbsent(lookUp: Promise<readonly string[]>): Promise<boolean> {
  try {
    return (await lookUp).length === 0;
  } catch (error) {
    return error instanceof Error && 'code' in error && ABSENCE_CODES.has(error.code);
  }
}
