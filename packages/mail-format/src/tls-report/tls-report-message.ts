// A report about TLS by mail, RFC 8460 §5.3: multipart/report with a sentence for people and the report itself.

import { formatMultipart, formatTextPart, type BoundaryGenerator } from '../compose/mime-entity.js';
import { formatDate } from '../header/date-time.js';
import { foldHeader } from '../header/fold-header.js';
import { formatParameter } from '../header/format-parameter.js';
import { concatOctets, encodeUtf8 } from '../octets/octets.js';
import { encodeBase64Lines } from '../octets/base64.js';

export interface TlsReportMessage {
  from: string;
  to: string;
  /** Domain of whoever reports. */
  submitter: string;
  /** Domain that the report is about. */
  policyDomain: string;
  /** `local@domain`, also the Message-ID: what is sent twice is known as one. */
  reportId: string;
  /** The JSON document, compressed (RFC 1952). */
  gzip: Uint8Array;
  date: number;
  /** First and last second of the time that is reported about, epoch ms. */
  startMs: number;
  endMs: number;
}

export function formatTlsReportMessage(report: TlsReportMessage, newBoundary: BoundaryGenerator): Uint8Array {
  const { submitter, policyDomain, reportId } = report;
  const sentence = formatTextPart('plain', `This is a report of ${submitter} about TLS with the hosts of ${policyDomain} (RFC 8460).\n`);
  const body = formatMultipart('report', [sentence, attachment(report)], newBoundary, formatParameter('report-type', 'tlsrpt'));
  const header = [
    foldHeader('Date', formatDate(report.date)),
    foldHeader('From', `<${report.from}>`),
    foldHeader('To', `<${report.to}>`),
    foldHeader('Subject', `Report Domain: ${policyDomain} Submitter: ${submitter} Report-ID: <${reportId}>`),
    foldHeader('Message-ID', `<${reportId}>`),
    foldHeader('TLS-Report-Domain', policyDomain),
    foldHeader('TLS-Report-Submitter', submitter),
    foldHeader('Auto-Submitted', 'auto-generated'),   // RFC 3834 §5
    'MIME-Version: 1.0\r\n',
  ];
  return concatOctets([encodeUtf8(`${header.join('')}${body.headerFields}\r\n`), body.body]);
}

/** Its name tells whom, about whom and of when, RFC 8460 §5.1. */
function attachment({ submitter, policyDomain, startMs, endMs, gzip }: TlsReportMessage): Uint8Array {
  const name = `${submitter}!${policyDomain}!${Math.floor(startMs / 1000)}!${Math.floor(endMs / 1000)}.json.gz`;
  const header = `Content-Type: application/tlsrpt+gzip\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment${formatParameter('filename', name)}\r\n`;
  return encodeUtf8(`${header}\r\n${encodeBase64Lines(gzip)}`);
}
