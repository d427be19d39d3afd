// The steps of an SMTP session as hooks: which run, with which parameters, in which order, and what their verdict means.
// It follows Haraka 3.3, and departs where the README says so.

import { NODATA, NOTFOUND, reverse } from 'node:dns';
import { promisify } from 'node:util';
import { Address } from '@haraka/email-address';
import constants from 'haraka-constants';
import type { Connection } from '../connection/connection.js';
import { Transaction } from '../connection/transaction.js';
import { CONT, NEXT_HOOK, OK, textOf, type Verdict } from '../hooks/next-code.js';
import type { HookRunner } from '../hooks/hook-runner.js';
import { accepted, actionOf, outcomeOf, refused, type Outcome } from './outcome.js';

export type HelloVerb = 'HELO' | 'EHLO';
/** ESMTP parameters by upper-case name; `null` for one without a value. */
export type Parameters = Record<string, string | null>;

/** The DNS says that the address has no name, as against saying nothing. */
const NAMELESS: ReadonlySet<string | undefined> = new Set([NODATA, NOTFOUND]);
const NO_TRANSACTION = refused(503, '5.5.1 no mail transaction');

export class Session {
  constructor(readonly connection: Connection, private readonly hooks: HookRunner) {}

  /** Everything before the greeting; the accepted text takes its place. */
  async connect(): Promise<Outcome> {
    await this.hooks.run('connect_init', this.connection);
    return this.lookUpName();
  }

  async lookUpName(): Promise<Outcome> {
    const verdict = await this.hooks.run('lookup_rdns', this.connection);
    const outcome = outcomeOf('lookup_rdns', verdict);
    if (outcome.kind !== 'accepted') return outcome;
    if (verdict.code === OK) this.connection.nameRemote(outcome.text ?? undefined);
    else await this.#resolveName();
    return this.welcome();
  }

  async welcome(): Promise<Outcome> {
    return outcomeOf('connect', await this.hooks.run('connect', this.connection));
  }

  async hello(verb: HelloVerb, host: string): Promise<Outcome> {
    await this.endTransaction();
    const { connection } = this;
    Object.assign(connection.hello, { verb, host });
    connection.results.add({ name: 'helo' }, connection.hello);
    const hook = verb === 'EHLO' ? 'ehlo' : 'helo';
    const outcome = outcomeOf(hook, await this.hooks.run(hook, connection, host));
    if (outcome.kind === 'refused') Object.assign(connection.hello, { verb: null, host: null });
    return outcome;
  }

  /** The lines of the answer to EHLO; plugins add to `connection.capabilities`. */
  async capabilities(lines: readonly string[]): Promise<string[]> {
    this.connection.capabilities = [...lines];
    await this.hooks.run('capabilities', this.connection);
    this.connection.esmtp = true;
    return this.connection.capabilities;
  }

  async noop(): Promise<Outcome> {
    return withoutText(outcomeOf('noop', await this.hooks.run('noop', this.connection)));
  }

  /** Accepted without a text: nobody knows whether there is such a user. */
  async vrfy(): Promise<Outcome> {
    const verdict = await this.hooks.run('vrfy', this.connection);
    return verdict.code === OK ? accepted(verdict.message ?? 'known') : withoutText(outcomeOf('vrfy', verdict));
  }

  /** Cannot be refused, RFC 5321 §4.1.1.5. */
  async rset(): Promise<void> {
    await this.hooks.run('rset', this.connection);
  }

  async quit(): Promise<string | null> {
    const { message } = await this.hooks.run('quit', this.connection);
    return message === undefined ? null : [textOf(message)].flat().join(' ');
  }

  /** A command that no one else knows, cut at its first space. */
  async unrecognized(command: string, rest: string): Promise<Verdict> {
    return this.hooks.run('unrecognized_command', this.connection, [command, rest]);
  }

  /** The plugin that took an unknown command may go on with another hook, as XCLIENT does. */
  async goOnWith({ code, message }: Verdict): Promise<Outcome | null> {
    if (code !== NEXT_HOOK) return null;
    return message === 'connect' ? this.welcome() : message === 'lookup_rdns' ? this.lookUpName() : this.connect();
  }

  async mail(path: string, parameters: Parameters): Promise<Outcome> {
    const reversePath = parseAddress(path);
    if (reversePath === null) return refused(501, '5.1.3 not a mail address');
    await this.endTransaction();
    const { connection } = this;
    const transaction = new Transaction(connection, reversePath);
    connection.transaction = transaction;
    const verdict = await this.hooks.run('mail', connection, [reversePath, parameters]);
    const outcome = outcomeOf('mail', verdict);
    if (outcome.kind === 'gone') return outcome;
    transaction.results.add({ name: 'mail_from' }, { action: actionOf(outcome), code: constants.translate(verdict.code), address: path });
    if (outcome.kind === 'refused') await this.endTransaction();
    return outcome;
  }

  /**
   * `confirm` is the program's own check of a recipient, or `null` when it has none. With it, a recipient needs its word in any
   * case; without, some plugin must have said OK or the client be one that we relay for.
   */
  async rcpt(path: string, parameters: Parameters, confirm: (() => Promise<Outcome>) | null): Promise<Outcome> {
    const { connection, connection: { transaction } } = this;
    const forwardPath = parseAddress(path);
    if (forwardPath === null) return refused(501, '5.1.3 not a mail address');
    if (transaction === null) return NO_TRANSACTION;
    transaction.rcpt_to.push(forwardPath);
    const verdict = await this.hooks.run('rcpt', connection, [forwardPath, parameters]);
    const outcome = await this.#settleRecipient(verdict, forwardPath, confirm);
    if (outcome.kind === 'gone') return outcome;
    this.#countRecipient(transaction, path, outcome);
    if (outcome.kind === 'refused') transaction.rcpt_to.pop();
    return outcome;
  }

  /** RFC 3207 §4.2: what the client said before TLS is forgotten. */
  async secure(cipher: object): Promise<void> {
    await this.endTransaction();
    Object.assign(this.connection.hello, { verb: null, host: null });
    Object.assign(this.connection.tls, { enabled: true, cipher });
    this.connection.esmtp = false;
  }

  /** The program itself has checked who this is. */
  authenticate(user: string, method: string): void {
    const { connection } = this;
    connection.relaying = true;
    connection.notes['auth_user'] = user;
    connection['authheader'] = '(authenticated)';
    connection.results.add({ name: 'auth' }, { pass: 'host', method, user });
  }

  /** Runs before the client may send the message. */
  async data(): Promise<Outcome> {
    if (this.connection.transaction === null) return NO_TRANSACTION;
    const outcome = outcomeOf('data', await this.hooks.run('data', this.connection));
    if (outcome.kind === 'refused') await this.endTransaction();
    return outcome;
  }

  /** Plugins hear of the end of a transaction before it is forgotten. */
  async endTransaction(): Promise<void> {
    const { connection } = this;
    connection.results.add({ name: 'reset' }, { duration: this.#seconds() });
    if (connection.transaction === null || connection.transaction.resetting) return;
    connection.transaction.resetting = true;
    await this.hooks.run('reset_transaction', connection);
    connection.forgetTransaction();
  }

  /** Call once, when the connection is over. */
  async disconnect(): Promise<void> {
    this.connection.markGone();
    await this.endTransaction();
    await this.hooks.run('disconnect', this.connection);
    this.connection.results.add({ name: 'disconnect' }, { duration: this.#seconds() });
    this.connection.state = constants.connection.state.DISCONNECTED;
  }

  async #settleRecipient(verdict: Verdict, forwardPath: Address, confirm: (() => Promise<Outcome>) | null): Promise<Outcome> {
    const outcome = outcomeOf('rcpt', verdict);
    if (outcome.kind !== 'accepted') return outcome;
    const confirmed = confirm === null ? this.#confirmByVerdict(verdict, forwardPath) : await confirm();
    if (confirmed.kind !== 'accepted') return confirmed;
    const last = outcomeOf('rcpt_ok', await this.hooks.run('rcpt_ok', this.connection, forwardPath));
    return last.kind === 'accepted' && last.text === null ? outcome : last;
  }

  #confirmByVerdict({ code }: Verdict, forwardPath: Address): Outcome {
    if (code === OK || (code === CONT && this.connection.relaying)) return accepted();
    return refused(550, `5.1.1 I cannot deliver mail for ${forwardPath.format()}`);
  }

  #countRecipient(transaction: Transaction, path: string, outcome: Outcome): void {
    const action = actionOf(outcome);
    transaction.rcpt_count[action] += 1;
    this.connection.rcpt_count[action] += 1;
    const reason = outcome.kind === 'refused' ? { msg: outcome.refusal.text, code: outcome.refusal.code } : {};
    transaction.results.push({ name: 'rcpt_to' }, { recipient: { address: path, action, ...reason } });
  }

  async #resolveName(): Promise<void> {
    const { connection } = this;
    try {
      const [name] = await promisify(reverse)(connection.remote.ip);
      connection.nameRemote(name);
    } catch (error) {
      connection.remote.host = NAMELESS.has((error as NodeJS.ErrnoException).code) ? 'NXDOMAIN' : 'DNSERROR';
      connection.remote.info ??= connection.remote.host;
    }
  }

  #seconds(): number {
    return (Date.now() - this.connection.start_time) / 1000;
  }
}

/** For commands whose acceptance has nothing to say. */
function withoutText(outcome: Outcome): Outcome {
  return outcome.kind === 'accepted' ? accepted() : outcome;
}

function parseAddress(path: string): Address | null {
  try {
    return new Address(`<${path}>`);
  } catch {
    return null;
  }
}
