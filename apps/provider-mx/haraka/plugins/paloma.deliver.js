'use strict';
// Seals the message to each recipient's certificate, in memory, and puts it into the incoming boxes. OK means: all are durable.
// Settings: as for paloma.rcpt. In Haraka, config/connection.ini must say `spool_after=-1`, or large mail is on disk for a while.

const path = require('node:path');
const { IncomingDoor } = require('@paloma/provider-mx/haraka');

exports.register = function () {
  const { main } = this.config.get('paloma.ini');
  this.door = new IncomingDoor(path.resolve(process.env.HARAKA, main.configuration));
};

exports.hook_queue = async function (next, connection) {
  const { transaction } = connection;
  const refusal = await this.door.deliver({
    reversePath: transaction.mail_from.address ?? '',
    forwardPaths: transaction.rcpt_to.map(({ address }) => address),
    octets: await read(transaction),
    identity: [...senderLines(transaction), await read(transaction, { skip_headers: true })],
    authenticationResults: connection.auth_results() || null,
  });
  if (refusal === null) return next(OK, 'delivered');
  return next(refusal.isTemporary ? DENYSOFT : DENY, refusal.text);
};

exports.shutdown = function () {
  this.door.close();
};

function read({ message_stream: stream }, options = {}) {
  return new Promise((resolve) => stream.get_data(options, resolve));
}

/** Header lines as they came; our own Received field, which names the transaction, is another each time. */
function senderLines({ header_lines: lines, uuid }) {
  return lines.filter((line, at) => at > 0 || !line.includes(uuid));
}
