// Our own Received field, RFC 5321 §4.4, which plugins find among the others. What is handed on lacks it: whoever takes
// the message over writes the trace that it stands for.

import utils from 'haraka-utils';
import type { Connection } from '../connection/connection.js';
import type { Transaction } from '../connection/transaction.js';

export function receivedField(connection: Connection, transaction: Transaction): string {
  const { hello, local, tls } = connection;
  const protocol = `${hello.verb === 'EHLO' ? 'ESMTP' : 'SMTP'}${tls.enabled ? 'S' : ''}${connection['authheader'] ? 'A' : ''}`;   // RFC 3848
  return [
    `from ${utils.sanitize(hello.host ?? 'unknown')} (${connection.get_remote('info')})`,
    `\tby ${local.host} with ${protocol} id ${transaction.uuid}`,
    `\tenvelope-from ${transaction.mail_from.format()};`,
    `\t${utils.date_to_str(new Date())}`,
  ].join('\r\n');
}
