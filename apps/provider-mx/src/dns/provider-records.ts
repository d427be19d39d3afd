// Every DNS record that a provider's domain needs, in the order in which an operator sets them up.

import { createHash, X509Certificate } from 'node:crypto';
import { dkimRecord, type DkimKey } from '../dkim/dkim-key.js';
import type { DnsRecord } from './dns-record.js';

export interface ProviderNames {
  domain: string;
  /** Of the MX. */
  hostname: string;
  /** Where the users' API of provider-sync is reached. */
  usersHostname: string;
  /** Who gets the reports of other hosts; null: none are asked for. */
  reportAddress: string | null;
  dkimKeys: readonly DkimKey[];
  /** PEM of the MX listener's certificate; null: no TLS, hence no TLSA record. */
  certificate: Uint8Array | null;
}

/** Services that a mail program might look for at the provider (RFC 6186, RFC 8620 §2.2). They are on the user's own machine. */
const SERVICES_ELSEWHERE = ['_imap', '_imaps', '_pop3', '_pop3s', '_submission', '_submissions', '_jmap'];

export function providerRecords(names: ProviderNames): DnsRecord[] {
  return [...arrival(names), ...authenticity(names), ...transportSecurity(names), ...keyDirectory(names), ...mailPrograms(names)];
}

/** `/.well-known/mta-sts.txt` of `mta-sts.<domain>`, RFC 8461 §3.2; a policy that was seen holds for four weeks. */
export function mtaStsPolicy(hostname: string): string {
  return ['version: STSv1', 'mode: enforce', `mx: ${hostname}`, 'max_age: 2419200', ''].join('\r\n');
}

function arrival({ domain, hostname }: ProviderNames): DnsRecord[] {
  return [{ purpose: 'Mail for the domain comes to the MX (RFC 5321 §5.1)', name: `${domain}.`, type: 'MX', value: `10 ${hostname}.` }];
}

function authenticity({ domain, hostname, reportAddress, dkimKeys }: ProviderNames): DnsRecord[] {
  const reports = reportAddress === null ? '' : `; rua=mailto:${reportAddress}`;
  return [
    { purpose: 'Only the MX sends in the name of the domain (SPF, RFC 7208)', name: `${domain}.`, type: 'TXT', value: 'v=spf1 mx -all' },
    { purpose: 'Only the MX sends in the name of the domain (SPF, RFC 7208)', name: `${hostname}.`, type: 'TXT', value: 'v=spf1 a -all' },
    ...dkimKeys.map((key): DnsRecord => ({ purpose: 'Signatures of what leaves (DKIM, RFC 6376, RFC 8463)', name: `${key.selector}._domainkey.${domain}.`, type: 'TXT', value: dkimRecord(key) })),
    { purpose: 'What is not signed by the domain is not from it (DMARC, RFC 9989)', name: `_dmarc.${domain}.`, type: 'TXT', value: `v=DMARC1; p=reject; adkim=s; aspf=s${reports}` },
  ];
}

function transportSecurity({ domain, hostname, reportAddress, certificate }: ProviderNames): DnsRecord[] {
  const purpose = 'Mail for the domain comes over TLS or not at all (MTA-STS, RFC 8461)';
  return [
    // The id follows the policy: others fetch it again when, and only when, it changed.
    { purpose, name: `_mta-sts.${domain}.`, type: 'TXT', value: `v=STSv1; id=${createHash('sha256').update(mtaStsPolicy(hostname)).digest('hex').slice(0, 16)}` },
    { purpose, name: `mta-sts.${domain}.`, type: 'CNAME', value: `${hostname}.` },
    ...(certificate === null ? [] : [tlsaRecord(hostname, certificate)]),
    ...(reportAddress === null ? [] : [{ purpose: 'Reports of failed TLS (RFC 8460)', name: `_smtp._tls.${domain}.`, type: 'TXT' as const, value: `v=TLSRPTv1; rua=mailto:${reportAddress}` }]),
  ];
}

/** RFC 7672 §3.1: 3 1 1, the SHA-256 of the MX's own public key. */
function tlsaRecord(hostname: string, certificate: Uint8Array): DnsRecord {
  const publicKey = new X509Certificate(certificate).publicKey.export({ format: 'der', type: 'spki' });
  return { purpose: 'The key of the MX, when the zone is signed by DNSSEC (DANE, RFC 7672)', name: `_25._tcp.${hostname}.`, type: 'TLSA', value: `3 1 1 ${createHash('sha256').update(publicKey).digest('hex')}` };
}

function keyDirectory({ domain, usersHostname }: ProviderNames): DnsRecord[] {
  return [{ purpose: "Others find the users' keys (Web Key Directory, draft-koch-openpgp-webkey-service)", name: `openpgpkey.${domain}.`, type: 'CNAME', value: `${usersHostname}.` }];
}

function mailPrograms({ domain, usersHostname }: ProviderNames): DnsRecord[] {
  const services = SERVICES_ELSEWHERE.map((service): DnsRecord => ({
    purpose: 'Mail programs speak to the daemon on the user\'s own machine, not to the provider (RFC 6186 §3.4)',
    name: `${service}._tcp.${domain}.`, type: 'SRV', value: '0 0 0 .',
  }));
  return [...services, { purpose: 'Where the daemon is, for mail programs that ask by autoconfig (draft-ietf-mailmaint-autoconfig)', name: `autoconfig.${domain}.`, type: 'CNAME', value: `${usersHostname}.` }];
}
