import type { Clock, RandomSource } from '@paloma/shared-model';
import type { MailStore, OpenAccount } from '@paloma/mail-store/port';
import { UploadStore } from './blob/upload-store.js';
import type { JmapLimits } from './limits.js';
import { DeliveryState } from './push/delivery-state.js';
import { RecordHistory } from './standard-methods/record-history.js';

/** An open account and what this server remembers of it: all of it in memory, none of it needed to read mail. */
export class AccountContext {
  readonly uploads: UploadStore;
  readonly identityHistory = new RecordHistory();
  readonly submissionHistory = new RecordHistory();
  readonly mailAppPasswordHistory = new RecordHistory();
  readonly deviceHistory = new RecordHistory();
  readonly deliveryState: DeliveryState;
  #lastTurn: Promise<unknown> = Promise.resolve();

  constructor(readonly account: OpenAccount, settings: { limits: JmapLimits; clock: Clock; random: RandomSource }) {
    this.uploads = new UploadStore(settings);
    this.deliveryState = new DeliveryState(account.mailStore);
  }

  get mailStore(): MailStore {
    return this.account.mailStore;
  }

  /** Runs changes one after another, so that the state one call compares with is the state it changes. */
  inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const turn = this.#lastTurn.then(change);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }
}

/** Contexts by mail store: when an account is locked its store goes, and uploads and histories with it. */
export class AccountContexts {
  readonly #byStore = new WeakMap<MailStore, AccountContext>();

  constructor(private readonly settings: { limits: JmapLimits; clock: Clock; random: RandomSource }) {}

  of(account: OpenAccount): AccountContext {
    const known = this.#byStore.get(account.mailStore);
    if (known) return known;
    const context = new AccountContext(account, this.settings);
    this.#byStore.set(account.mailStore, context);
    return context;
  }
}
