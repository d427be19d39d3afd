// Web Key Directory (draft-koch-openpgp-webkey-service §3.1) over an injected `fetch`. The domain of the address is asked, by TLS,
// so what it answers is authoritative for it; the work here is to tell an answer from an outage.

import { domainOf, localPartOf, type MailAddress } from '@paloma/shared-model';
import { MAX_CERTIFICATE_BYTES, splitCertificates, wkdHash } from '@paloma/crypto/public';
import type { CertificateDirectory } from './certificate-directory.js';
import { isWithoutAddress, type HostResolver } from './host-resolver.js';

export type Fetch = (url: string, init: { signal: AbortSignal; redirect: 'follow' }) => Promise<Response>;

export interface WkdOptions {
  /** Without one, a domain that has no web host at all counts as an outage. */
  hostResolver?: HostResolver;
  /** For each of the two methods. */
  timeoutMs?: number;
}

/** What one method gave. `notOffered`: the host that this method needs does not exist. */
type MethodAnswer = { found: Uint8Array[] } | 'absent' | 'notOffered' | 'failed';

/** A person waits for the answer while writing; directories that are up answer in well under a second. */
const TIMEOUT_MS = 10_000;

export function wkdDirectory(fetch: Fetch, { hostResolver, timeoutMs = TIMEOUT_MS }: WkdOptions = {}): CertificateDirectory {
  return {
    async lookUp(address) {
      const advanced = await askMethod(fetch, advancedUrl(address), timeoutMs);
      if (typeof advanced === 'object') return { ...advanced, source: 'wkd' };
      if (advanced === 'failed') return 'lookupFailed';
      const direct = await askMethod(fetch, directUrl(address), timeoutMs);
      if (typeof direct === 'object') return { ...direct, source: 'wkd' };
      const isHostless = advanced === 'notOffered' && direct === 'notOffered' && await hasNoWebHost(hostResolver, address);
      return direct === 'absent' || isHostless ? 'noKey' : 'lookupFailed';
    },
  };
}

export function advancedUrl(address: MailAddress): string {
  const domain = domainOf(address);
  return `https://openpgpkey.${domain}/.well-known/openpgpkey/${domain}/${directoryName(address)}`;
}

export function directUrl(address: MailAddress): string {
  return `https://${domainOf(address)}/.well-known/openpgpkey/${directoryName(address)}`;
}

function directoryName(address: MailAddress): string {
  const localPart = localPartOf(address);
  return `hu/${wkdHash(localPart)}?l=${encodeURIComponent(localPart)}`;
}

/** That both methods met no host is no answer yet, since it looks the same without a network; the name server has to say so. */
async function hasNoWebHost(hostResolver: HostResolver | undefined, address: MailAddress): Promise<boolean> {
  if (!hostResolver) return false;
  const hosts = [advancedUrl(address), directUrl(address)].map((url) => new URL(url).hostname);
  const absences = await Promise.all(hosts.map((host) => isWithoutAddress(hostResolver, host)));
  return absences.every(Boolean);
}

async function askMethod(fetch: Fetch, url: string, timeoutMs: number): Promise<MethodAnswer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs), redirect: 'follow' });
    return await readAnswer(response);
  } catch (error) {
    return isUnknownHost(error) ? 'notOffered' : 'failed';
  }
}

async function readAnswer(response: Response): Promise<MethodAnswer> {
  if (response.status === 404 || isWebPage(response)) return 'absent';
  const isTrustworthy = response.url === '' || response.url.startsWith('https:');
  const body = response.status === 200 && isTrustworthy ? await readBounded(response) : null;
  if (!body) return 'failed';
  const found = await splitCertificates(body);
  return found.length > 0 ? { found } : 'absent';
}

/** Many sites answer any path with a page of theirs: they have no directory. */
function isWebPage(response: Response): boolean {
  return response.status === 200 && (response.headers.get('content-type') ?? '').startsWith('text/html');
}

/** Null over the limit; the rest is not read then. */
async function readBounded(response: Response): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const piece of response.body ?? []) {
    sizeBytes += piece.length;
    if (sizeBytes > MAX_CERTIFICATE_BYTES) return null;
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

function isUnknownHost(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOTFOUND';
}
