import { Agent, request } from 'undici';
import type { MTASTSPolicy } from 'mailauth';
import { parsePolicy } from 'mailauth/lib/mta-sts.js';
import type { LookupFunction } from 'node:net';
import type { NetworkConventions } from './network-conventions.js';
import type { TlsFailureType } from './tls-result.js';

/** RFC 8461 §3.3 suggests a minute and 64 KiB. */
const FETCH_TIMEOUT_MS = 60_000;
const MAX_POLICY_BYTES = 64 * 1024;
/** Codes of OpenSSL and Node for certificates that do not hold. */
const CERTIFICATE_ERROR = /CERT|SELF_SIGNED|UNABLE_TO_/;

export type PolicyFile = { kind: 'policy'; policy: MTASTSPolicy } | { kind: 'none'; failure: TlsFailureType };

/** The policy that a domain serves over HTTPS (RFC 8461 §3.3), or why there is none to be had (RFC 8460 §4.3.2.2). Redirects are not followed. */
export async function fetchPolicyFile(domain: string, lookup: LookupFunction, { policyPort, certificateAuthorities: ca }: NetworkConventions): Promise<PolicyFile> {
  const agent = new Agent({ maxResponseSize: MAX_POLICY_BYTES, connect: { lookup, timeout: FETCH_TIMEOUT_MS, ...(ca !== null && { ca }) } });
  try {
    const url = `https://mta-sts.${domain}:${policyPort}/.well-known/mta-sts.txt`;
    const { statusCode, headers, body } = await request(url, { dispatcher: agent, signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
    const mediaType = String(headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
    return statusCode === 200 && mediaType === 'text/plain' ? parse(await body.text()) : { kind: 'none', failure: 'sts-policy-fetch-error' };
  } catch (error) {
    return { kind: 'none', failure: CERTIFICATE_ERROR.test((error as { code?: string }).code ?? '') ? 'sts-webpki-invalid' : 'sts-policy-fetch-error' };
  } finally {
    await agent.destroy();
  }
}

function parse(text: string): PolicyFile {
  try {
    return { kind: 'policy', policy: parsePolicy(text, { strict: true }) };
  } catch {
    return { kind: 'none', failure: 'sts-policy-invalid' };
  }
}
