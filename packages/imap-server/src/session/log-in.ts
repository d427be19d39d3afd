import { capabilityCode } from '../capabilities.js';
import { no, ok, type Completion } from '../completion.js';
import { COMPLETION_BY_LOGIN_REFUSAL } from '../error-table.js';
import type { Session } from './session.js';

const TOO_MANY_SESSIONS = no('too many connections to this account: close some mail programs', 'LIMIT');

/** What LOGIN and AUTHENTICATE have in common. */
export async function logIn(session: Session, address: string, password: string): Promise<Completion> {
  if (session.line.protection === 'startTls') return no('use STARTTLS first', 'PRIVACYREQUIRED'); // RFC 3501 §6.2.3, RFC 5530
  const outcome = await session.environment.gateway.logIn(address, password);
  if (!outcome.ok) return refuse(session, COMPLETION_BY_LOGIN_REFUSAL[outcome.refusal]);
  if (!session.enter(outcome.account, outcome.revoked)) return TOO_MANY_SESSIONS;
  return ok('logged in', capabilityCode(session));
}

function refuse(session: Session, completion: Completion): Completion {
  session.failedLogins += 1;
  if (session.failedLogins >= session.environment.limits.maxFailedLogins) session.isOver = true;
  return completion;
}
