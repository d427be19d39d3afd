// One connection from greeting to end: reads a command, runs it, answers; in that order and one at a time. Sessions
// share nothing but the store, so none waits for another.

import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { TLSSocket, type SecureContext } from 'node:tls';
import type { Command } from '../command.js';
import { capabilityCode } from '../capabilities.js';
import { bad, formatCompletion, no, type Completion } from '../completion.js';
import { ACCOUNT_CLOSED, completionOfError, UID_REQUIRED } from '../error-table.js';
import { ImapError } from '../imap-error.js';
import type { ImapLogger } from '../imap-logger.js';
import type { ImapTap } from '../imap-tap.js';
import { MAX_COMMAND_LINE_BYTES, MAX_COMMAND_LITERAL_BYTES } from '../limits.js';
import { CommandReader } from '../wire/command-reader.js';
import { CommandSource, type CommandFrame, type RefusedFrame } from './command-source.js';
import type { MailboxWatch } from '../notify/mailbox-watch.js';
import { selectedGroup } from '../notify/notify-settings.js';
import { compressSocket } from './compressed-stream.js';
import { pushChanges } from './push-changes.js';
import { ResponseWriter } from './response-writer.js';
import { socketEvent } from './socket-event.js';
import { Session, type LineProtection, type SessionEnvironment, type SessionLine } from './session.js';

/** Unreadable commands in a row; a peer that speaks another protocol is not kept. */
const MAX_SYNTAX_ERRORS = 20;
/** For the last octets to reach the peer. */
const FAREWELL_MS = 1000;

export interface ConnectionParts {
  commands: ReadonlyMap<string, Command>;
  logger: ImapLogger;
  /** With what STARTTLS is done; null where it is not offered. */
  startTls: SecureContext | null;
  tap: ImapTap;
}

let lastNumber = 0;

export class Connection {
  readonly session: Session;
  readonly #number = ++lastNumber;
  readonly #writer: ResponseWriter;
  readonly #source: CommandSource;
  #loginTimer: NodeJS.Timeout | undefined;
  #isTlsAsked = false;
  #isCompressionAsked = false;
  /** What is written to: the socket, or what compresses for it. */
  #output: Writable;
  #syntaxErrors = 0;

  constructor(
    private socket: Socket,
    private readonly environment: SessionEnvironment,
    private readonly parts: ConnectionParts,
  ) {
    const { tap } = parts;
    this.#output = socket;
    this.#writer = new ResponseWriter(socket, (octets) => tap.sent(this.#number, octets));
    this.#source = new CommandSource(socket, this.#writer, (octets) => tap.received(this.#number, octets));
    this.session = new Session(environment, this.#writer, this.#source, this.#line());
  }

  /** Resolves when the connection has ended; never rejects. */
  async serve(): Promise<void> {
    this.parts.tap.opened(this.#number);
    this.#watchSocket();
    this.#loginTimer = setTimeout(() => this.sayGoodbye('log in sooner'), this.environment.limits.loginTimeoutMs).unref();
    try {
      await this.#greet();
      while (!this.session.isOver && (await this.#serveNext()));
    } catch (error) {
      this.#logIfBug(error);
    } finally {
      this.#end();
    }
  }

  /** Ends the connection from this side, saying why. */
  sayGoodbye(reason: string): void {
    this.session.isOver = true;
    const farewell = Buffer.from(`* BYE ${reason}\r\n`);
    if (this.#output.writable) this.parts.tap.sent(this.#number, farewell);
    if (this.#output.writable) this.#output.end(farewell);
    this.#closeSocket();
  }

  /** What is written still goes out, but nobody is waited for long: the peer may have stopped reading. */
  #closeSocket(): void {
    const { socket } = this;
    if (this.#output === socket) socket.destroySoon();
    else if (this.#output.writable) this.#output.end();
    const timer = setTimeout(() => socket.destroy(), FAREWELL_MS).unref();
    socket.once('close', () => clearTimeout(timer));
  }

  #watchSocket(): void {
    this.socket.on('error', () => {}); // seen by whoever reads or writes next
    this.socket.setTimeout(this.environment.limits.idleTimeoutMs, () => this.sayGoodbye('nothing was said for too long'));
  }

  #line(): SessionLine {
    const protection = (): LineProtection => (this.socket instanceof TLSSocket ? 'tls' : this.parts.startTls ? 'startTls' : 'plain');
    const isCompressed = (): boolean => this.#output !== this.socket;
    return {
      get protection() { return protection(); },
      get isCompressed() { return isCompressed(); },
      compress: () => { this.#isCompressionAsked = true; },
      startTls: () => { this.#isTlsAsked = true; },
      raiseLimits: () => this.#raiseLimits(),
      sayGoodbye: (reason) => this.sayGoodbye(reason),
    };
  }

  /** Commands sent in plain behind STARTTLS were not sent by the one whom TLS proves: they end the connection (RFC 9051 §6.2.1). */
  async #protect(secureContext: SecureContext): Promise<void> {
    this.#isTlsAsked = false;
    const plain = this.socket;
    this.#releaseSocket();
    plain.setTimeout(0);
    const secure = new TLSSocket(plain, { isServer: true, secureContext });
    this.socket = secure;
    this.#output = secure;
    this.#watchSocket();
    await socketEvent(secure, 'secure');
    this.#writer.moveTo(secure);
    this.#source.moveTo(secure);
  }

  /** RFC 4978 §3: what was sent behind COMPRESS is neither plain nor compressed for sure. */
  #compress(): void {
    this.#isCompressionAsked = false;
    this.#releaseSocket();
    const { input, output } = compressSocket(this.socket);
    this.#output = output;
    this.#writer.moveTo(output);
    this.#source.moveTo(input);
  }

  #releaseSocket(): void {
    if (!this.#source.release()) throw new ImapError('connectionLost', 'commands came before their time');
  }

  async #greet(): Promise<void> {
    await this.#writer.untagged(`OK [${capabilityCode(this.session)}] Paloma IMAP ready`);
    await this.#writer.flush();
  }

  /** False when the peer has gone. */
  async #serveNext(): Promise<boolean> {
    const frame = await this.#nextFrame();
    if (!frame) return false;
    if (frame.kind === 'refused') await this.#answerRefused(frame);
    else await this.#answer(frame);
    await this.#writer.flush();
    if (this.#isTlsAsked && this.parts.startTls) await this.#protect(this.parts.startTls);
    if (this.#isCompressionAsked) this.#compress();
    return true;
  }

  #nextFrame(): Promise<CommandFrame | RefusedFrame | null> {
    const { watch } = this.session;
    return watch ? this.#nextWhileWatching(watch) : this.#source.next();
  }

  /** After NOTIFY the client hears what happens also while it says nothing. */
  async #nextWhileWatching(watch: MailboxWatch): Promise<CommandFrame | RefusedFrame | null> {
    const isDelayed = selectedGroup(watch.settings)?.filter.kind === 'selected-delayed';
    const stopPushing = pushChanges(this.session, { withExpunges: !isDelayed });
    try {
      return await this.#source.next(stopPushing);
    } finally {
      await stopPushing();
    }
  }

  async #answer(frame: CommandFrame): Promise<void> {
    const reader = new CommandReader(frame.segments, this.session);
    const tag = readTag(reader);
    const completion = await this.#complete(reader, tag);
    this.#countSyntaxErrors(completion);
    this.#writer.gather(`${tag ?? '*'} ${formatCompletion(completion)}\r\n`);
    if (completion === ACCOUNT_CLOSED && this.session.state !== 'notAuthenticated') await this.#dismiss();
  }

  /** The account was locked under the session: it must log in anew, and will then be told so. */
  async #dismiss(): Promise<void> {
    await this.#writer.flush();
    this.sayGoodbye(ACCOUNT_CLOSED.text);
  }

  /** The one place where errors become answers. */
  async #complete(reader: CommandReader, tag: string | null): Promise<Completion> {
    try {
      if (tag === null) return bad('tag expected');
      const command = this.#readCommand(reader);
      if (!command) return bad('unknown command');
      if (!command.states.includes(this.session.state)) return bad(WRONG_STATE[this.session.state]);
      const run = command.read(reader);
      if (command.isByNumber && this.session.enabled.has('UIDONLY')) return UID_REQUIRED;
      const completion = await run(this.session, tag);
      await this.session.announce({ withExpunges: command.announcesExpunges });
      return completion;
    } catch (error) {
      if (error instanceof ImapError && error.code === 'connectionLost') throw error;
      this.#logIfBug(error);
      return completionOfError(error).completion;
    }
  }

  #readCommand(reader: CommandReader): Command | undefined {
    reader.space();
    const word = reader.word();
    if (word !== 'UID') return this.parts.commands.get(word);
    reader.space();
    return this.parts.commands.get(`UID ${reader.word()}`);
  }

  async #answerRefused({ tag, refusal, isInStep }: RefusedFrame): Promise<void> {
    const completion = refusal === 'literalTooLarge' ? no('the literal is too large', 'TOOBIG') : bad('the line is too long');
    await this.#writer.write(`${tag} ${formatCompletion(completion)}\r\n`);
    await this.#writer.flush();
    if (!isInStep) this.sayGoodbye('what was announced is too long to be read');
  }

  #countSyntaxErrors(completion: Completion): void {
    this.#syntaxErrors = completion.status === 'BAD' ? this.#syntaxErrors + 1 : 0;
    if (this.#syntaxErrors === MAX_SYNTAX_ERRORS) this.session.isOver = true;
  }

  #raiseLimits(): void {
    clearTimeout(this.#loginTimer);
    this.#source.limits = {
      maxLineBytes: MAX_COMMAND_LINE_BYTES,
      maxLiteralBytes: MAX_COMMAND_LITERAL_BYTES,
      maxAppendBytes: this.environment.limits.maxMessageBytes,
    };
  }

  #logIfBug(error: unknown): void {
    if (completionOfError(error).isBug) this.parts.logger.error('imap command failed', error);
  }

  #end(): void {
    clearTimeout(this.#loginTimer);
    this.session.close();
    this.#closeSocket();
    this.parts.tap.closed(this.#number);
  }
}

const WRONG_STATE = {
  notAuthenticated: 'log in first',
  authenticated: 'not while logged in, or select a mailbox first',
  selected: 'not while a mailbox is selected',
};

function readTag(reader: CommandReader): string | null {
  try {
    return reader.tag();
  } catch {
    return null;
  }
}
