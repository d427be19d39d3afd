// The report in JSON, RFC 8460 §4.4. departs from RFC 8460 §4.4: without the addresses of either host, which tell the domain nothing that
// the name of the host does not, and us apart.

import type { AppliedPolicy, TlsFailureType } from '../transport-security/tls-result.js';
import { DAY_MS } from './report-day.js';

/** Sessions of one day under one policy that ended alike. */
export interface CountedResult {
  policy: Omit<AppliedPolicy, 'domain'>;
  /** Empty: they went well. */
  failureType: TlsFailureType | '';
  /** Empty for those that went well. */
  mxHost: string;
  sessions: number;
}

export interface ReportHead {
  /** Ours. */
  organization: string;
  contact: string;
  reportId: string;
  /** UTC, days since 1970. */
  day: number;
  /** Whom the report is for. */
  domain: string;
}

export function aggregateReport({ organization, contact, reportId, day, domain }: ReportHead, results: readonly CountedResult[]): object {
  const policies = Map.groupBy(results, ({ policy }) => JSON.stringify(policy));
  return {
    'organization-name': organization,
    'date-range': { 'start-datetime': instant(day * DAY_MS), 'end-datetime': instant((day + 1) * DAY_MS - 1000) },
    'contact-info': contact,
    'report-id': reportId,
    policies: [...policies.values()].map((ofPolicy) => reportedPolicy(domain, ofPolicy)),
  };
}

function reportedPolicy(domain: string, results: readonly CountedResult[]): object {
  const { type, lines, mxPatterns } = results[0]!.policy;
  const failures = results.filter(({ failureType }) => failureType !== '');
  const total = (counted: readonly CountedResult[]): number => counted.reduce((sum, { sessions }) => sum + sessions, 0);
  return {
    policy: {
      'policy-type': type,
      ...(lines.length > 0 && { 'policy-string': lines }),
      'policy-domain': domain,
      ...(mxPatterns.length > 0 && { 'mx-host': mxPatterns }),
    },
    summary: { 'total-successful-session-count': total(results) - total(failures), 'total-failure-session-count': total(failures) },
    ...(failures.length > 0 && {
      'failure-details': failures.map(({ failureType, mxHost, sessions }) => ({ 'result-type': failureType, 'receiving-mx-hostname': mxHost, 'failed-session-count': sessions })),
    }),
  };
}

/** RFC 3339, to the second. */
function instant(atMs: number): string {
  return new Date(atMs).toISOString().replace('.000Z', 'Z');
}
