import { Agent, request } from 'undici';
import type { MTASTSPolicy } from 'mailauth';
import { parsePolicy } from 'mailauth/lib/mta-sts.js';
import type { LookupFunction } from 'node:net';
import type { NetworkConventions } from './network-conventions.js';

/** RFC 8461 §3.3 suggests a minute and 64 KiB. */
const FETCH_TIMEOUT_MS = 60_000;
const MAX_POLICY_BYTES = 64 * 1024;

/** The policy that a domain serves over HTTPS (RFC 8461 §3.3); null when it cannot be fetched or is none. Redirects are not followed. */
export async function fetchPolicyFile(domain: string, lookup: LookupFunction, { policyPort, certificateAuthorities: ca }: NetworkConventions): Promise<MTASTSPolicy | null> {
  const agent = new Agent({ maxResponseSize: MAX_POLICY_BYTES, connect: { lookup, timeout: FETCH_TIMEOUT_MS, ...(ca !== null && { ca }) } });
  try {
    const url = `https://mta-sts.${domain}:${policyPort}/.well-known/mta-sts.txt`;
    const { statusCode, headers, body } = await request(url, { dispatcher: agent, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    const mediaType = String(headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    return statusCode === 200 && mediaType === 'text/plain' ? parsePolicy(await body.text(), { strict: true }) : null;
  } catch {
    return null;   // no route, no certificate, no end, no policy: RFC 8461 §5.1 makes no difference
  } finally {
    await agent.destroy();
  }
}
