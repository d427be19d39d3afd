// One connection of smtp-server whose commands pass through the hooks.
//
// smtp-server (3.21) tells its user of MAIL, RCPT, DATA and the beginning and end of a connection. The rest is overridden here:
// members that begin with an underscore are its private ones, so the version is pinned, and a test says when one is missing.
// smtp-server parses and answers; the hooks decide whether a command gets that far. Commands come one by one, the next
// when the callback of the last is called: that is what lets a plugin take its time.

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServer, SMTPServerDataStream, SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { ChunkingConnection, type Done, type Reply } from '@paloma/smtp-listener';
import { OK } from '../hooks/next-code.js';
import { refusalOf, type Refusal } from '../hooks/refusal.js';
import type { Outcome } from '../session/outcome.js';
import type { HelloVerb, Session } from '../session/session.js';
import { CommandPace } from './command-pace.js';
import type { ConnectionServices } from './connection-services.js';
import { OutcomeReplies, type Callback } from './outcome-replies.js';
import { TransactionHandlers } from './transaction-handlers.js';

/** smtp-server's own XCLIENT would change the peer behind the plugins' backs, and the others are jokes: to us all are unknown commands. */
const LEFT_TO_PLUGINS: ReadonlySet<string> = new Set(['XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL']);

export class HookedConnection extends ChunkingConnection {
  readonly #server: SMTPServer;
  readonly #services: ConnectionServices;
  readonly #session: Session;
  readonly #transaction: TransactionHandlers;
  readonly #replies: OutcomeReplies;
  readonly #pace = new CommandPace(() => this.#session.connection.esmtp);
  readonly #greeted = Promise.withResolvers<void>();
  /** The next command waits for it: for the greeting at first, later for the end of a transaction. */
  #turn: Promise<void> = this.#greeted.promise;
  #hasBegun = false;
  #watched: Socket | TLSSocket | null = null;
  #greeting: string | null = null;
  /** Refused without being sent away: whatever the client says, it hears this until it says QUIT. */
  #refusal: Refusal | null = null;

  /** The handlers of `server` are asked after the plugins. */
  constructor(server: SMTPServer, socket: Socket | TLSSocket, options: SMTPConnectionOptions | null | undefined, services: ConnectionServices) {
    // Its own view of the server, on which its own handlers can stand.
    const view = Object.create(server) as SMTPServer;
    super(view, socket, options);
    this.#server = server;
    this.#services = services;
    this.#session = services.openSession(this);
    this.#transaction = new TransactionHandlers(server, this.#session, services);
    this.#replies = new OutcomeReplies({
      send: (code, text, context) => this.send(code, text, context),
      close: () => this.close(),
      usesEnhancedStatus: () => this._useEnhancedStatusCodes(),
      isGone: () => this.#session.connection.isGone,
      reportFailure: (error) => services.reportFailure(this.#session, error),
    });
    this.#takeOver(view);
  }

  override init(): void {
    super.init();
    this.#watch(this._socket);
  }

  protected override writeReply({ code, data, context }: Reply): void {
    if (code >= 500 && code <= 504) this.#session.connection.errors += 1;   // RFC 5321 §4.2.1: the client's own mistakes
    if (code >= 400) this.#session.connection.last_reject = `${code} ${[data ?? ''].flat().join(' ').replace(/\p{Cc}+/gu, ' ')}`;
    const text = code === 250 && typeof data === 'string' ? this.#replies.takeAcceptance() ?? data : data;
    super.writeReply({ code, data: text, context });
  }

  override close(): void {
    super.close();
    this.#session.connection.markGone();
  }

  override _onClose(): void {
    this.#session.connection.markGone();
    this.#greeted.resolve();
    super._onClose();
  }

  override _sendGreeting(): void {
    if (this.#greeting === null) super._sendGreeting();
    else this.send(220, `${this.name} ESMTP ${this.#greeting}`, false);
    this.#letSpeak();
  }

  /** smtp-server would hang up on a client that has not waited for the greeting; here its command waits. */
  override _onCommand(command: Buffer, callback: Done = () => undefined): void {
    void this.#turn.then(() => this.#dispatch(command, callback));
  }

  override handler_EHLO(command: Buffer, callback: Done): void {
    this.withhold((done) => super.handler_EHLO(command, done), (reply) => void this.#replies.run(this.#hello('EHLO', command, reply), callback));
  }

  override handler_HELO(command: Buffer, callback: Done): void {
    this.withhold((done) => super.handler_HELO(command, done), (reply) => void this.#replies.run(this.#hello('HELO', command, reply), callback));
  }

  override handler_NOOP(command: Buffer, callback: Done): void {
    void this.#replies.run(this.#session.noop().then((outcome) => this.#replies.answer(outcome, () => super.handler_NOOP(command, () => undefined))), callback);
  }

  override handler_VRFY(command: Buffer, callback: Done): void {
    void this.#replies.run(this.#session.vrfy().then((outcome) => this.#replies.answer(outcome, () => {
      const text = this.#replies.takeAcceptance();
      if (text === null) super.handler_VRFY(command, () => undefined);
      else this.send(250, text);
    })), callback);
  }

  override handler_RSET(command: Buffer, callback: Done): void {
    const reset = this.#session.rset().then(() => this.#session.endTransaction());
    void this.#replies.run(reset.then(() => super.handler_RSET(command, () => undefined)), callback);
  }

  override handler_QUIT(command: Buffer, callback: Done): void {
    void this.#replies.run(this.#session.quit().then((text) => {
      if (text !== null) this.send(221, text);
      if (text === null) super.handler_QUIT(command, () => undefined);
      else this.close();
    }), callback);
  }

  override handler_DATA(command: Buffer, callback: Done): void {
    if (this.session.envelope.rcptTo.length === 0) return super.handler_DATA(command, callback);
    void this.#replies.run(this.#session.data().then((outcome) => {
      if (outcome.kind === 'refused') this._resetSession();
      this.#replies.answer(outcome, () => super.handler_DATA(command, () => undefined));
    }), callback);
  }

  override _isSupported(command: string): boolean {
    return !LEFT_TO_PLUGINS.has(command) && super._isSupported(command);
  }

  /** Plugins judge the size themselves, before smtp-server would. */
  override _isOversized(): boolean {
    return false;
  }

  #takeOver(view: SMTPServer): void {
    view.logger = this.#listeningLogger(this.#server.logger);
    view.onConnect = (session, callback) => void this.#replies.run(this.#connect(session, callback), () => undefined);
    view.onSecure = (socket, session, callback) => void this.#replies.run(this.#secure(socket as TLSSocket, session, callback), () => undefined);
    view.onAuth = (auth, session, callback) => this.#server.onAuth(auth, session, (error, response) => {
      if (response?.user) this.#session.authenticate(auth.username ?? '', auth.method);
      callback(error, response);
    });
    view.onMailFrom = (address, session, callback) => void this.#conclude(this.#transaction.mail(address, session), callback);
    view.onRcptTo = (address, session, callback) => void this.#conclude(this.#transaction.rcpt(address, session), callback);
    view.onData = (stream, session, callback) => void this.#receive(stream, session, callback);
    view.onClose = (session, callback) => {
      if (this.#hasBegun) this.#services.sayFarewell(this.#session);
      this.#server.onClose(session, callback);
    };
  }

  /** smtp-server puts a reply together where it writes it, and shows the whole of it to its log alone. */
  #listeningLogger(logger: SMTPServer['logger']): SMTPServer['logger'] {
    return Object.assign(Object.create(logger) as SMTPServer['logger'], {
      debug: (entry: { tnx?: string }, ...texts: string[]) => {
        if (entry.tnx === 'send') this.#session.connection.last_response = `${texts.at(-1)}\r\n`;
        logger.debug(entry, ...texts);
      },
    });
  }

  async #conclude(step: Promise<Outcome>, callback: Callback): Promise<void> {
    this.#replies.conclude(await this.#replies.settle(step), callback);
  }

  /** The reply first, then the plugins hear of the transaction's end, then comes the next command. */
  async #receive(stream: SMTPServerDataStream, session: SMTPServerSession, callback: Callback): Promise<void> {
    const outcome = await this.#replies.settle(this.#transaction.receive(stream, session));
    if (outcome.kind === 'gone') return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#turn = promise;
    this.#replies.conclude(outcome, callback);
    await this.#session.endTransaction().catch((error: unknown) => this.#services.reportFailure(this.#session, error));
    resolve();
  }

  async #connect(session: SMTPServerSession, callback: Callback): Promise<void> {
    this.#hasBegun = true;
    this.#services.sessionBegins(this.#session);
    this.#greet(await this.#session.connect(), () => this.#server.onConnect(session, callback));
  }

  #greet(outcome: Outcome, proceed: Done): void {
    if (outcome.kind === 'gone') return;
    if (outcome.kind === 'accepted') {
      this.#greeting = outcome.text;
      proceed();
      return;
    }
    this._ready = true;
    this.#refusal = outcome.refusal;
    this.#replies.refuseAsItStands(outcome.refusal);
    this.#letSpeak();
  }

  #letSpeak(): void {
    this.#pace.end();
    this.#greeted.resolve();
  }

  async #secure(socket: TLSSocket, session: SMTPServerSession, callback: Callback): Promise<void> {
    if (socket !== this.#watched) {   // STARTTLS has put it around the first one
      this.#watch(socket);
      await this.#session.secure(socket.getCipher());
    }
    this.#server.onSecure(socket, session, callback);
  }

  #watch(socket: Socket | TLSSocket): void {
    const { connection } = this.#session;
    this.#watched = socket;
    // Before the parser, which may end the message within the same octets.
    socket.prependListener('data', (chunk: Buffer) => {
      if (this._upgrading || (this._parser && this._parser._dataMode)) return;
      this.#pace.observe(chunk);
      connection.early_talker = this.#pace.isEarly;
      connection.pipelining = this.#pace.isPipelining;
    });
  }

  #dispatch(command: Buffer, callback: Done): void {
    const line = command.toString('latin1');
    const word = /^\S*/.exec(line)?.[0] ?? '';
    const verb = word.toUpperCase();
    if (this._upgrading || this._nextHandler || this._closing) return super._onCommand(command, callback);
    const done = (): void => {
      this.#pace.end();
      callback();
    };
    this.#session.connection.current_line = line;
    this.#pace.begin(verb.slice(0, 4));
    if (this.#refusal !== null && verb !== 'QUIT') return this.#repeatRefusal(this.#refusal, command, verb, done);
    if (this._isSupported(verb)) return super._onCommand(command, done);
    const isUnknown = this.#isUnknown(word, line.slice(word.length).trimStart());
    let end = done;
    void this.#replies.run(isUnknown.then((unknown) => {
      if (unknown) end = () => super._onCommand(command, done);
    }), () => end());
  }

  #repeatRefusal({ code, text }: Refusal, command: Buffer, verb: string, done: Done): void {
    if (verb === 'BDAT') return this.refuseChunk(command, { code, data: text, context: false }, done);
    this.send(code, text, false);
    done();
  }

  /** Whether smtp-server shall say that it knows no such command. */
  async #isUnknown(word: string, rest: string): Promise<boolean> {
    const verdict = await this.#session.unrecognized(word, rest);
    if (verdict.gone || verdict.code === OK) return false;   // a plugin that says OK has answered
    const greeting = await this.#session.goOnWith(verdict);
    const refusal = refusalOf('unrecognized_command', verdict);
    if (greeting !== null) this.#greet(greeting, () => this._sendGreeting());
    else if (refusal !== null) this.#replies.refuse(refusal);
    return greeting === null && refusal === null;
  }

  async #hello(verb: HelloVerb, command: Buffer, reply: Reply | null): Promise<void> {
    if (reply === null) return;
    if (reply.code !== 250) return this.send(reply.code, reply.data, reply.context);
    const outcome = await this.#session.hello(verb, command.toString().trim().split(/\s+/)[1] ?? '');
    if (outcome.kind === 'gone') return;
    if (outcome.kind === 'refused') {
      this.hostNameAppearsAs = false;
      return this.#replies.refuseAsItStands(outcome.refusal);
    }
    const lines = [reply.data ?? ''].flat();
    this.send(250, verb === 'EHLO' ? await this.#session.capabilities(lines) : lines, false);
  }
}
