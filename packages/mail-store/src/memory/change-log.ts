// What changed since a state, RFC 8620 §5.2. One sequence numbers every change of the account; an IMAP modseq is a place
// in the same sequence. Each changed object has a number of its own, so that a list can be cut anywhere.

import type { ChangeList, StateName } from '../port/index.js';

interface LoggedChange {
  createdAt: number;
  changedAt: number;
  isDestroyed: boolean;
}

export class ChangeLog {
  #latest = 1;
  readonly #states: Record<StateName, number> = { Mailbox: 1, Email: 1, Thread: 1 };
  readonly #changes: Record<StateName, Map<string, LoggedChange>> = { Mailbox: new Map(), Email: new Map(), Thread: new Map() };

  /** `epoch` tells the states of this log from those of any other. */
  constructor(private readonly epoch: string) {}

  /** Number of the newest change. */
  get latest(): number {
    return this.#latest;
  }

  noteChanged(name: StateName, id: string): number {
    const changedAt = this.#advance(name);
    const known = this.#changes[name].get(id);
    this.#changes[name].delete(id);
    this.#changes[name].set(id, { createdAt: known?.isDestroyed === false ? known.createdAt : changedAt, changedAt, isDestroyed: false });
    return changedAt;
  }

  noteDestroyed(name: StateName, id: string): number {
    const changedAt = this.#advance(name);
    const createdAt = this.#changes[name].get(id)?.createdAt ?? changedAt;
    this.#changes[name].delete(id);
    this.#changes[name].set(id, { createdAt, changedAt, isDestroyed: true });
    return changedAt;
  }

  createdAt(name: StateName, id: string): number {
    return this.#changes[name].get(id)?.createdAt ?? 0;
  }

  state(name: StateName): string {
    return this.#format(this.#states[name]);
  }

  changesSince(name: StateName, sinceState: string, maxChanges: number): ChangeList | null {
    const since = this.#parse(sinceState);
    if (since === null) return null;
    const isNews = ([, change]: [string, LoggedChange]): boolean => change.changedAt > since && !(change.isDestroyed && change.createdAt > since);
    const news = [...this.#changes[name]].filter(isNews);
    const page = news.slice(0, maxChanges);
    const idsOf = (wanted: (change: LoggedChange) => boolean): string[] => page.filter(([, change]) => wanted(change)).map(([id]) => id);
    const hasMoreChanges = page.length < news.length;
    return {
      newState: hasMoreChanges ? this.#format(page.at(-1)?.[1].changedAt ?? since) : this.state(name),
      hasMoreChanges,
      created: idsOf((change) => !change.isDestroyed && change.createdAt > since),
      updated: idsOf((change) => !change.isDestroyed && change.createdAt <= since),
      destroyed: idsOf((change) => change.isDestroyed),
    };
  }

  #advance(name: StateName): number {
    this.#latest += 1;
    this.#states[name] = this.#latest;
    return this.#latest;
  }

  #format(at: number): string {
    return `${at}.${this.epoch}`;
  }

  #parse(state: string): number | null {
    const at = Number(state.slice(0, state.indexOf('.')));
    return Number.isSafeInteger(at) && at <= this.#latest && state === this.#format(at) ? at : null;
  }
}
