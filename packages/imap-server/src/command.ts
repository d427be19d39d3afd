// What a command is: its name, the state it needs, how its arguments are read, and what it does. One file per command in
// commands/; the list of all is commands/index.ts.

import type { MailStore } from '@paloma/mail-store/port';
import type { Completion } from './completion.js';
import type { Session, SessionState } from './session/session.js';
import type { SelectedMailbox } from './session/selected-mailbox.js';
import type { CommandReader } from './wire/command-reader.js';

/** `tag`: of the command, for answers that refer to it. */
export type Run = (session: Session, tag: string) => Promise<Completion> | Completion;

export interface Command {
  /** `NOOP`, `UID FETCH`. */
  readonly name: string;
  readonly states: readonly SessionState[];
  /** Whether others' expunges may be told while it runs: not in FETCH, STORE and SEARCH (RFC 3501 §7.4.1). */
  readonly announcesExpunges: boolean;
  /** It names messages by sequence number, which a client can renounce (UIDONLY, RFC 9586). */
  readonly isByNumber: boolean;
  /** Reads what follows the name, to the end. @throws {ImapError} "syntax" */
  read(reader: CommandReader): Run;
}

interface Definition<Context, Arguments> {
  name: string;
  announcesExpunges?: boolean;
  isByNumber?: boolean;
  /** Reads from behind the name, its space included. Absent: no arguments. */
  parse?: (reader: CommandReader) => Arguments;
  run: (context: Context, args: Arguments) => Promise<Completion> | Completion;
}

export interface AuthenticatedContext { session: Session; store: MailStore; tag: string }
export interface SelectedContext extends AuthenticatedContext { mailbox: SelectedMailbox }

const ALL_STATES: readonly SessionState[] = ['notAuthenticated', 'authenticated', 'selected'];

/** A command for every state, or the states given. */
export function anyStateCommand<Arguments>(definition: Definition<Session, Arguments>, states = ALL_STATES): Command {
  return makeCommand(definition, states, (session) => session);
}

export function authenticatedCommand<Arguments>(definition: Definition<AuthenticatedContext, Arguments>): Command {
  return makeCommand(definition, ['authenticated', 'selected'], (session, tag) => ({ session, tag, store: session.store! }));
}

export function selectedCommand<Arguments>(definition: Definition<SelectedContext, Arguments>): Command {
  return makeCommand(definition, ['selected'], (session, tag) => ({ session, tag, store: session.store!, mailbox: session.selected! }));
}

function makeCommand<Context, Arguments>(
  { name, announcesExpunges = true, isByNumber = false, parse, run }: Definition<Context, Arguments>,
  states: readonly SessionState[],
  contextOf: (session: Session, tag: string) => Context,
): Command {
  return {
    name,
    states,
    announcesExpunges,
    isByNumber,
    read(reader) {
      const args = parse?.(reader) as Arguments;
      reader.end();
      return (session, tag) => run(contextOf(session, tag), args);
    },
  };
}
