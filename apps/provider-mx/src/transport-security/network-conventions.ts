/** What all hosts of the world have agreed on. Tests bring a small world with an agreement of its own. */
export interface NetworkConventions {
  /** Of hosts that are found by MX records, RFC 5321 §4.5.4.2. */
  smtpPort: number;
  /** Of hosts that serve MTA-STS policies, RFC 8461 §3.3. */
  policyPort: number;
  /** PEM of those who vouch for certificates; null: whom the system trusts. */
  certificateAuthorities: string | null;
}

export const NETWORK_CONVENTIONS: NetworkConventions = { smtpPort: 25, policyPort: 443, certificateAuthorities: null };
