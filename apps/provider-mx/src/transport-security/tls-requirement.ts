/** A TLSA record that says something about SMTP, RFC 7672 §3.1; usages 0 and 1 do not. */
export interface TlsaRecord {
  /** 2: whoever issued the certificate; 3: the host itself. */
  usage: 2 | 3;
  /** 0: the whole certificate; 1: its public key. */
  selector: 0 | 1;
  /** 0: the octets themselves; 1: their SHA-256; 2: their SHA-512. */
  matchingType: 0 | 1 | 2;
  association: Buffer;
}

/** What TLS must be before a host gets a message. Known before anybody connects, so that no answer of the host can lower it. */
export type TlsRequirement =
  /** RFC 7435: taken when offered, the certificate not judged, since the alternative is no TLS. */
  | { kind: 'opportunistic' }
  /** TLS with anybody: the host has TLSA records, and none that can be used (RFC 7672 §2.2). */
  | { kind: 'encrypted' }
  /** A certificate of a public authority for the host's name (RFC 8461 §4.1). */
  | { kind: 'publicAuthority' }
  /** A certificate that one of the records vouches for; with usage 2 it must be for one of the names (RFC 7672 §3.2.2). */
  | { kind: 'dane'; records: readonly TlsaRecord[]; names: readonly string[] };

export const OPPORTUNISTIC: TlsRequirement = { kind: 'opportunistic' };
