import { anyStateCommand } from '../command.js';
import { bad, no, type Completion } from '../completion.js';
import { logIn } from '../session/log-in.js';
import type { Session } from '../session/session.js';
import type { CommandReader } from '../wire/command-reader.js';

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const INITIAL_RESPONSE = /=|[A-Za-z0-9+/]+={0,2}/y;

/** RFC 3501 §6.2.2 with an initial response (RFC 4959). PLAIN alone: a mail-app password proves itself as it is. */
export const authenticate = anyStateCommand({
  name: 'AUTHENTICATE',
  parse(reader: CommandReader) {
    reader.space();
    const mechanism = reader.word();
    return { mechanism, initialResponse: reader.tryChar(' ') ? reader.matchText(INITIAL_RESPONSE, 'base64') : null };
  },
  async run(session, { mechanism, initialResponse }) {
    if (mechanism !== 'PLAIN') return no('this mechanism is not known here', 'CANNOT');
    const response = initialResponse ?? (await readResponse(session));
    // RFC 3501 §6.2.2: the client cancels with a line of `*`.
    if (response === null || response === '*') return bad('AUTHENTICATE cancelled');
    return authenticatePlain(session, response === '=' ? '' : response);
  },
}, ['notAuthenticated']);

async function readResponse(session: Session): Promise<string | null> {
  await session.source.requestContinuation('');
  return session.source.nextLine();
}

// message = [authzid] UTF8NUL authcid UTF8NUL passwd     RFC 4616 §2
async function authenticatePlain(session: Session, response: string): Promise<Completion> {
  if (!BASE64.test(response)) return bad('base64 expected');
  const fields = Buffer.from(response, 'base64').toString('utf8').split('\0');
  const [authorization, address, password] = fields;
  if (fields.length !== 3 || address === undefined || password === undefined) return bad('PLAIN message expected');
  if (authorization !== '' && authorization !== address) return no('nobody may act for another here', 'AUTHORIZATIONFAILED');
  return logIn(session, address, password);
}
