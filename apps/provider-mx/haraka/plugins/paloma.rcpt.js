'use strict';
// Is there such a mailbox? Settings: paloma.ini, with `configuration` = the configuration file of provider-mx.

const path = require('node:path');
const { IncomingDoor } = require('@paloma/provider-mx/haraka');

exports.register = function () {
  const { main } = this.config.get('paloma.ini');
  this.door = new IncomingDoor(path.resolve(process.env.HARAKA, main.configuration));
};

exports.hook_rcpt = async function (next, connection, [forwardPath]) {
  if (!this.door.isOurs(forwardPath.address)) return next();
  const refusal = await this.door.checkRecipient(forwardPath.address);
  if (refusal === null) return next(OK);
  return next(refusal.isTemporary ? DENYSOFT : DENY, refusal.text);
};

exports.shutdown = function () {
  this.door.close();
};
