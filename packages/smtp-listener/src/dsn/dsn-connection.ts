// The DSN extension (RFC 3461 §4) where a listener offers it (`hideDSN: false`). smtp-server reads its parameters and is lenient about
// them; here they are judged as they stand in the command, before it takes their encoding off.

import { parseEnvelopeId, parseNotify, parseOriginalRecipient, parseReturnedPart } from '@paloma/mail-format';
import { ReplyingConnection, type Done } from '../reply/replying-connection.js';

interface DsnParameter {
  parse: (text: string) => unknown;
  sentence: string;
}

const OF_MAIL: Readonly<Record<string, DsnParameter>> = {
  RET: { parse: parseReturnedPart, sentence: 'RET must be FULL or HDRS' },
  ENVID: { parse: parseEnvelopeId, sentence: 'ENVID must be xtext of printable characters, 100 at most' },
};
const OF_RCPT: Readonly<Record<string, DsnParameter>> = {
  NOTIFY: { parse: parseNotify, sentence: 'NOTIFY must be NEVER, or a list of SUCCESS, FAILURE and DELAY' },
  ORCPT: { parse: parseOriginalRecipient, sentence: 'ORCPT must be rfc822; or utf-8; and an address in xtext, 500 characters at most' },
};

export class DsnConnection extends ReplyingConnection {
  override handler_MAIL(command: Buffer, callback: Done): void {
    if (!this.#refuse(command, OF_MAIL, callback)) super.handler_MAIL(command, callback);
  }

  override handler_RCPT(command: Buffer, callback: Done): void {
    if (!this.#refuse(command, OF_RCPT, callback)) super.handler_RCPT(command, callback);
  }

  /** False: there is nothing to refuse. */
  #refuse(command: Buffer, known: Readonly<Record<string, DsnParameter>>, callback: Done): boolean {
    const sentence = this._server.options.hideDSN === false ? complaintAbout(command.toString(), known) : null;
    if (sentence === null) return false;
    this.send(501, `5.5.4 ${sentence}`);
    callback();
    return true;
  }
}

/** The parameters stand after the path, as smtp-server parts them. */
function complaintAbout(command: string, known: Readonly<Record<string, DsnParameter>>): string | null {
  const [, ...parameters] = command.slice(command.indexOf(':') + 1).trim().split(/\s+/);
  const seen = new Set<string>();
  for (const parameter of parameters) {
    const [keyword = ''] = parameter.split('=', 1);
    const name = keyword.toUpperCase();
    if (!Object.hasOwn(known, name)) continue;
    if (seen.has(name)) return `${name} may be given once only`;   // RFC 3461 §4
    seen.add(name);
    const { parse, sentence } = known[name]!;
    if (parse(parameter.slice(keyword.length + 1)) === null) return sentence;
  }
  return null;
}
