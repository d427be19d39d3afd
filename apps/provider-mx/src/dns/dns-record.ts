/** A record in presentation form (RFC 1035 §5.1): names absolute, in lower case, with the last dot; the text of TXT in one piece, unquoted. */
export interface DnsRecord {
  name: string;
  type: 'MX' | 'TXT' | 'CNAME' | 'SRV' | 'TLSA';
  value: string;
  /** What it is for, in a few words. */
  purpose: string;
}

/** Octets of one string in a TXT record, RFC 1035 §3.3. */
const TXT_STRING_CHARS = 255;

/** Lines of a zone file, each group of records below its purpose. */
export function formatZone(records: readonly DnsRecord[]): string {
  const purposes = new Set(records.map(({ purpose }) => purpose));
  return [...purposes].map((purpose) => [`; ${purpose}`, ...records.filter((record) => record.purpose === purpose).map(formatRecord), ''].join('\n')).join('\n');
}

function formatRecord({ name, type, value }: DnsRecord): string {
  return `${name} IN ${type} ${type === 'TXT' ? quote(value) : value}`;
}

function quote(text: string): string {
  const strings = text.match(new RegExp(`.{1,${TXT_STRING_CHARS}}`, 'g')) ?? [''];
  return strings.map((string) => `"${string.replace(/["\\]/g, '\\$&')}"`).join(' ');
}
