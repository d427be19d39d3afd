import { createHash, type X509Certificate } from 'node:crypto';
import type { TlsaRecord, TlsRequirement } from './tls-requirement.js';

/** Certificates above the host's own that are looked at: chains are two or three long. */
const MAX_ISSUERS = 8;
const HASHES = { 1: 'sha256', 2: 'sha512' } as const;

/** Whether a record vouches for the certificate that a host showed (RFC 7672 §3.1, RFC 6698 §2.1). The issuers are those that it sent along. */
export function isVouchedFor(certificate: X509Certificate, { records, names }: Extract<TlsRequirement, { kind: 'dane' }>, nowMs: number): boolean {
  // RFC 7672 §3.1.1: what is published as the host's own key holds whatever the certificate says about names and dates.
  if (records.some((record) => record.usage === 3 && isMatch(certificate, record))) return true;
  const anchors = records.filter(({ usage }) => usage === 2);
  if (anchors.length === 0 || !names.some((name) => certificate.checkHost(name) !== undefined)) return false;
  return issuersOf(certificate, nowMs).some((issuer) => anchors.some((record) => isMatch(issuer, record)));
}

/** The unbroken chain above a certificate: each signed by the next, an authority, and all in date. */
function issuersOf(certificate: X509Certificate, nowMs: number): X509Certificate[] {
  const issuers: X509Certificate[] = [];
  let current = certificate;
  while (issuers.length < MAX_ISSUERS && isInDate(current, nowMs)) {
    const issuer = current.issuerCertificate;
    if (issuer === undefined || !issuer.ca || !isInDate(issuer, nowMs) || !current.checkIssued(issuer) || !current.verify(issuer.publicKey)) break;
    issuers.push(issuer);
    current = issuer;
  }
  return issuers;
}

function isInDate({ validFromDate, validToDate }: X509Certificate, nowMs: number): boolean {
  return validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();
}

function isMatch(certificate: X509Certificate, { selector, matchingType, association }: TlsaRecord): boolean {
  const selected = selector === 0 ? certificate.raw : certificate.publicKey.export({ format: 'der', type: 'spki' });
  const presented = matchingType === 0 ? selected : createHash(HASHES[matchingType]).update(selected).digest();
  return presented.equals(association);
}
