import type { Deliver, IncomingData } from '../session/message-step.js';
import type { Outcome } from '../session/outcome.js';
import type { Session } from '../session/session.js';
import type { HookedConnection } from './hooked-connection.js';

/** What the host gives each connection. */
export interface ConnectionServices {
  openSession(connection: HookedConnection): Session;
  /** Its plugins are about to hear of it; `sayFarewell` follows in any case. */
  sessionBegins(session: Session): void;
  receive(session: Session, data: IncomingData, deliver: Deliver | null): Promise<Outcome>;
  /** The client has left; settles when the plugins know. */
  sayFarewell(session: Session): void;
  reportFailure(session: Session, error: unknown): void;
}
