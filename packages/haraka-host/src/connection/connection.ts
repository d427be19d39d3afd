// The connection as plugins see it. Member names are Haraka's; docs in Haraka's core/connection.
//
// It knows nothing of smtp-server: what it does to the wire it does through Wire.

import type { Socket } from 'node:net';
import constants from 'haraka-constants';
import netUtils from 'haraka-net-utils';
import Notes from 'haraka-notes';
import ResultStore from 'haraka-results';
import utils from 'haraka-utils';
import type { PluginMessage } from '../hooks/next-code.js';
import { addLogMethods, type LogSink } from '../logging/log-methods.js';
import type { ServerObject } from '../server-object.js';
import { authenticationResults } from './authentication-results.js';
import type { Transaction } from './transaction.js';

/** What a plugin may do to the socket. */
export interface Wire {
  /** Another one after STARTTLS. */
  readonly socket: Socket;
  respond(code: number, message: PluginMessage): void;
  close(): void;
  pause(): void;
  resume(): void;
}

export interface Endpoints {
  id: string;
  remote: { ip: string; port: number };
  local: { ip: string; port: number; host: string };
  isTls: boolean;
}

export interface Tally {
  accept: number;
  tempfail: number;
  reject: number;
}

export const newTally = (): Tally => ({ accept: 0, tempfail: 0, reject: 0 });

const { state: STATES } = constants.connection;

export class Connection {
  [member: string]: unknown;
  uuid: string;
  readonly start_time = Date.now();
  readonly notes = new Notes();
  readonly results: ResultStore;
  readonly server: ServerObject;
  readonly local: { ip: string; port: number; host: string; info: string };
  readonly remote: { ip: string; port: number; host: string | null; info: string | null; closed: boolean; is_private: boolean; is_local: boolean };
  readonly hello: { host: string | null; verb: string | null } = { host: null, verb: null };
  tls: { enabled: boolean; advertised: boolean; verified: boolean; cipher: object } & Record<string, unknown>;
  readonly proxy = { allowed: false, ip: null, type: null, timer: null };
  transaction: Transaction | null = null;
  tran_count = 0;
  readonly rcpt_count = newTally();
  readonly msg_count = newTally();
  capabilities: string[] | null = null;
  esmtp = false;
  pipelining = false;
  early_talker = false;
  errors = 0;
  /** The last reply of 400 and more, in one line. */
  last_reject = '';
  /** The last reply, as it went out. */
  last_response: string | null = null;
  totalbytes = 0;
  current_line = '';
  hook: string | null = null;
  state: number = STATES.PAUSE;
  /** Log methods, see addLogMethods. */
  declare readonly logcrit: (...parts: unknown[]) => void;
  readonly #waiting = new Set<() => void>();
  #relaying = false;

  constructor(endpoints: Endpoints, server: ServerObject, private readonly wire: Wire, log: LogSink) {
    this.uuid = endpoints.id;
    this.server = server;
    addLogMethods(this, log, () => ({ id: this.transaction?.uuid ?? this.uuid }));
    this.local = { ...endpoints.local, info: 'Haraka' };
    this.remote = { ip: '', port: endpoints.remote.port, host: null, info: null, closed: false, is_private: false, is_local: false };
    this.tls = { enabled: endpoints.isTls, advertised: false, verified: false, cipher: {} };
    this.set('remote.ip', endpoints.remote.ip);
    this.results = new ResultStore(this);
    this.results.add({ name: 'local' }, this.local);
    this.results.add({ name: 'remote' }, this.remote);
  }

  get client(): Socket {
    return this.wire.socket;
  }

  get isGone(): boolean {
    return this.state >= STATES.DISCONNECTING;
  }

  /** Set within a transaction it holds for that transaction alone. */
  get relaying(): boolean {
    return this.transaction?.relaying ?? this.#relaying;
  }

  set relaying(value: boolean) {
    if (this.transaction === null) this.#relaying = value;
    else this.transaction.relaying = value;
  }

  /** `set('remote.ip', …)` or `set('remote', 'ip', …)`; unsafe names are ignored. */
  set(...pathAndValue: unknown[]): void {
    const value = pathAndValue.pop();
    const path = pathAndValue.join('.').split('.');
    if (path.some((part) => part === '__proto__' || part === 'constructor')) return;
    const last = path.pop() ?? '';
    const parent = path.reduce<Record<string, unknown>>((object, part) => (object[part] ??= {}) as Record<string, unknown>, this);
    parent[last] = value;
    if (parent === this.remote as object && last === 'ip') this.#classifyRemote();
  }

  get(path: string): unknown {
    return path.split('.').reduce<unknown>((object, part) => (object as Record<string, unknown> | null | undefined)?.[part], this);
  }

  /** Answers in the plugin's own words; `then` runs when the reply is written. */
  respond(code: number, message: PluginMessage, then?: () => void): void {
    if (!this.isGone) this.wire.respond(code, message);
    then?.();
  }

  disconnect(): void {
    this.wire.close();
  }

  pause(): void {
    this.wire.pause();
  }

  resume(): void {
    this.wire.resume();
  }

  /** For plugins that end a transaction themselves: it is forgotten, and no hook hears of it. */
  reset_transaction(then?: () => void): void {
    this.forgetTransaction();
    then?.();
  }

  /** Adds a result, and gives the value of the whole Authentication-Results field so far; empty without any. */
  auth_results(result?: string): string {
    return authenticationResults(this, result);
  }

  get_remote(member: 'host' | 'info'): string {
    const value = this.remote[member];
    return value === null || ['', 'NXDOMAIN', 'DNSERROR'].includes(value) ? `[${this.remote.ip}]` : `${value} [${this.remote.ip}]`;
  }

  nextTransactionId(): string {
    this.tran_count += 1;
    return `${this.uuid}.${this.tran_count}`;
  }

  forgetTransaction(): void {
    this.transaction?.message_stream.destroy();
    this.transaction = null;
  }

  nameRemote(host: string | undefined): void {
    this.remote.host = utils.sanitize(host ?? '') || 'Unknown';
    this.remote.info ??= this.remote.host;
    this.results.add({ name: 'remote' }, this.remote);
  }

  /** The client has left, or is being sent away. */
  markGone(): void {
    this.remote.closed = true;
    if (!this.isGone) this.state = STATES.DISCONNECTING;
    for (const callback of this.#waiting) callback();
    this.#waiting.clear();
  }

  /** Calls back once when the client leaves, unless the function that it gives is called before. */
  whenGone(callback: () => void): () => void {
    this.#waiting.add(callback);
    return () => this.#waiting.delete(callback);
  }

  #classifyRemote(): void {
    this.remote.is_local = netUtils.is_local_ip(this.remote.ip);
    this.remote.is_private = this.remote.is_local || netUtils.is_private_ip(this.remote.ip);
  }
}
