import Notes from 'haraka-notes';
import { addLogMethods, type LogSink } from './logging/log-methods.js';

/** The global `server` of plugins: notes that all connections share, and what the program running the host adds. */
export interface ServerObject {
  notes: Notes & Record<string, unknown>;
  cfg: { main: Record<string, unknown> };
  [member: string]: unknown;
}

export function newServerObject(log: LogSink, members: Readonly<Record<string, unknown>>): ServerObject {
  const server: ServerObject = { notes: new Notes(), cfg: { main: {} }, ...members };
  addLogMethods(server, log, () => ({ origin: 'server' }));
  return server;
}
