// The Received field, RFC 5321 §4.4. For mail from outside it names the peer, since the recipient may want to know; for
// submitted mail it does not, since where a user sits is nobody's business.

import type { SMTPServerSession } from 'smtp-server';
import { formatDate } from '@paloma/mail-format';

export interface TraceInput {
  session: SMTPServerSession;
  hostname: string;
  nowMs: number;
}

export function receivedFromOutside({ session, hostname, nowMs }: TraceInput, forwardPath: string): string {
  const by = `by ${hostname} with ${session.transmissionType} id ${session.id}`;
  return `from ${heloName(session)}${tcpInfo(session)} ${by} for <${forwardPath}>; ${formatDate(nowMs)}`;
}

export function receivedFromUser({ session, hostname, nowMs }: TraceInput): string {
  return `by ${hostname} with ${session.transmissionType} id ${session.id}; ${formatDate(nowMs)}`;
}

/** Nothing for a peer behind a Unix socket. */
function tcpInfo(session: SMTPServerSession): string {
  const peer = peerAddress(session);
  if (peer === '') return '';
  return peer.includes(':') ? ` ([IPv6:${peer}])` : ` ([${peer}])`;
}

/** An IPv4 peer of a socket for both families is named as IPv4. */
export function peerAddress({ remoteAddress }: SMTPServerSession): string {
  return remoteAddress.replace(/^::ffff:/, '');
}

/** What the peer called itself, where that is a domain or an address literal; anything else could imitate syntax. */
export function heloName(session: SMTPServerSession): string {
  const name = session.hostNameAppearsAs || '';
  return /^(?:[a-z0-9_.-]{1,253}|\[[a-z0-9:.]{1,64}\])$/i.test(name) ? name : 'unknown';
}
