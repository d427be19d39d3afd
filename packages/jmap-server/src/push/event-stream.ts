// One open event source, RFC 8620 §7.3. Changes are coalesced: while states are being read or the client is slow to
// take what was written, further changes only mark their types, so a stream holds one event at most.

import type { ServerResponse } from 'node:http';
import type { AccountContext } from '../account-context.js';
import { contentDigest } from '../digest.js';
import { stateOfType, watchTypes, type PushedType } from './pushed-types.js';

export interface EventStreamOptions {
  readonly accounts: ReadonlyMap<string, AccountContext>;
  readonly types: readonly PushedType[];
  readonly closeAfterState: boolean;
  /** 0: no pings. */
  readonly pingSeconds: number;
  /** Asked before anything is sent: a session may have ended while the stream was open. */
  readonly isStillAllowed: () => Promise<boolean>;
}

type TypeStates = Record<string, string>;

export class EventStream {
  readonly #states = new Map<string, TypeStates>();
  readonly #marked = new Map<string, Set<PushedType>>();
  readonly #endings: (() => void)[] = [];
  #isFlushing = false;
  #hasEnded = false;

  constructor(private readonly response: ServerResponse, private readonly options: EventStreamOptions) {}

  /** Resolves when the stream has ended. `lastEventId`: what the client saw last, if it was here before. */
  async run(lastEventId: string | null): Promise<void> {
    const closed = new Promise<void>((resolve) => { this.response.once('close', resolve); });
    try {
      this.#watch();
      await this.#readAllStates();
      this.#startPings();
      this.response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
      this.response.flushHeaders();
      if (lastEventId !== null && lastEventId !== this.#eventId()) this.#sendStates(this.#states);
      void this.#flush();
      await closed;
    } finally {
      this.#end();
    }
  }

  #watch(): void {
    for (const [accountId, account] of this.options.accounts) {
      const marked = new Set<PushedType>();
      this.#marked.set(accountId, marked);
      this.#endings.push(watchTypes(account, (types) => {
        for (const type of types) if (this.options.types.includes(type)) marked.add(type);
        void this.#flush();
      }));
    }
  }

  async #readAllStates(): Promise<void> {
    this.#isFlushing = true;
    for (const [accountId, account] of this.options.accounts) this.#states.set(accountId, await readStates(account, this.options.types));
    this.#isFlushing = false;
  }

  #startPings(): void {
    if (this.options.pingSeconds === 0) return;
    const timer = setInterval(() => void this.#ping(), this.options.pingSeconds * 1000);
    this.#endings.push(() => clearInterval(timer));
  }

  async #ping(): Promise<void> {
    if (!await this.#mayGoOn()) return;
    if (!this.response.writableNeedDrain) this.response.write(`event: ping\ndata: {"interval":${this.options.pingSeconds}}\n\n`);
  }

  /** Sends what is marked, until nothing is. One run at a time. */
  async #flush(): Promise<void> {
    if (this.#isFlushing || this.#hasEnded) return;
    this.#isFlushing = true;
    try {
      while (this.#hasMarks() && await this.#mayGoOn()) await this.#sendMarked();
    } catch {
      // The account was closed under the stream; the client comes back and is told why.
      this.#end();
    } finally {
      this.#isFlushing = false;
    }
  }

  async #sendMarked(): Promise<void> {
    const changed = new Map<string, TypeStates>();
    for (const [accountId, account] of this.options.accounts) {
      const changes = await this.#takeChanges(accountId, account);
      if (Object.keys(changes).length > 0) changed.set(accountId, changes);
    }
    if (changed.size === 0 || this.#hasEnded) return;
    this.#sendStates(changed);
    if (this.response.writableNeedDrain) await this.#drained();
  }

  /** States of the marked types that differ from what was sent; clears the marks. */
  async #takeChanges(accountId: string, account: AccountContext): Promise<TypeStates> {
    const marked = this.#marked.get(accountId) ?? new Set<PushedType>();
    const types = [...marked];
    marked.clear();
    const known = this.#states.get(accountId) ?? {};
    const current = await readStates(account, types);
    this.#states.set(accountId, { ...known, ...current });
    return Object.fromEntries(Object.entries(current).filter(([type, state]) => known[type] !== state));
  }

  #sendStates(states: ReadonlyMap<string, TypeStates>): void {
    const data = JSON.stringify({ '@type': 'StateChange', changed: Object.fromEntries(states) });
    this.response.write(`event: state\nid: ${this.#eventId()}\ndata: ${data}\n\n`);
    if (this.options.closeAfterState) this.#end();
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const settle = (): void => {
        this.response.off('drain', settle).off('close', settle);
        resolve();
      };
      this.response.once('drain', settle).once('close', settle);
    });
  }

  #eventId(): string {
    return contentDigest([...this.#states].map(([accountId, states]) => [accountId, Object.entries(states).sort()]));
  }

  #hasMarks(): boolean {
    return !this.#hasEnded && [...this.#marked.values()].some((types) => types.size > 0);
  }

  async #mayGoOn(): Promise<boolean> {
    if (!await this.options.isStillAllowed()) this.#end();
    return !this.#hasEnded;
  }

  #end(): void {
    this.#hasEnded = true;
    for (const ending of this.#endings.splice(0)) ending();
    this.response.end();
  }
}

async function readStates(account: AccountContext, types: readonly PushedType[]): Promise<TypeStates> {
  const states: TypeStates = {};
  for (const type of types) states[type] = await stateOfType(type, account);
  return states;
}
