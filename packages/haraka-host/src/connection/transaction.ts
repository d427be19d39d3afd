// One mail transaction as plugins see it. Member names are Haraka's; docs in Haraka's core/transaction.
//
// Lines come in without dot stuffing and go into Haraka's message stream with it, as that stream expects. Nothing is spooled
// to disk, unlike in Haraka: mail is in this process's memory and nowhere else.

import type { Address } from '@haraka/email-address';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import type { Body, Header, stream as MessageStream } from 'haraka-email-message';
import Notes from 'haraka-notes';
import ResultStore from 'haraka-results';
import { email } from '../message/email-library.js';
import { FieldOctets, textOfLine, type HeaderText } from '../message/field-octets.js';
import { newTally, type Connection } from './connection.js';

const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const CRLF = Buffer.of(CR, LF);
const NOTHING = Buffer.alloc(0);
/** Haraka's message streams take this for "never". */
const NEVER_SPOOL = { main: { spool_after: -1 } };

type BodyFilter = (contentType: string, encoding: string, part: Buffer) => Buffer | undefined;
type AttachmentHook = (...attachment: unknown[]) => void;

export class Transaction {
  [member: string]: unknown;
  readonly uuid: string;
  rcpt_to: Address[] = [];
  readonly rcpt_count = newTally();
  readonly notes: Notes & { skip_plugins: string[] } = Object.assign(new Notes(), { skip_plugins: [] });
  readonly results: ResultStore;
  readonly header: Header = new email.Header();
  readonly message_stream: MessageStream;
  body: Body | null = null;
  parse_body = false;
  /** The rest of the message is read by nobody and stored nowhere; unless a plugin takes it over it is put off. */
  discard_data = false;
  data_bytes = 0;
  mime_part_count = 0;
  msg_status: 'accepted' | 'deferred' | 'rejected' | undefined;
  encoding = 'utf8';
  /** Its plugins are being told of its end. */
  resetting = false;
  relaying: boolean | undefined;
  /** Where header lines gather until the empty line. */
  readonly header_lines: string[] = [];
  readonly #headerTexts: HeaderText[] = [];
  #isInBody = false;
  #hasEmptyLine = false;
  /** Only banners and filters change a body; any other is stored as it came, whatever the parser makes of it. */
  #rewritesBody = false;
  #attachmentHooks: AttachmentHook[] = [];
  #bodyFilters: { contentType: string | RegExp; filter: BodyFilter }[] = [];
  #banner: readonly [string, string] | null = null;

  constructor(connection: Connection, public mail_from: Address) {
    this.uuid = connection.nextTransactionId();
    this.results = new ResultStore(connection);
    this.message_stream = new email.stream(NEVER_SPOOL, this.uuid, this.header.header_list);
    // Whoever reads the stream hears of an error too; without any listener it would end the process.
    this.message_stream.on('error', (error) => connection.logcrit('message stream', error));
  }

  get isInBody(): boolean {
    return this.#isInBody;
  }

  /** A header field that the host writes, before the sender's first; it is not handed on. */
  addOwnLine(line: string): void {
    this.#addHeaderLine(Buffer.from(line), NOTHING);
  }

  /** The next line of DATA with its line end, without dot stuffing. */
  addLine(line: Buffer): void {
    this.data_bytes += line.length;
    if (this.#isInBody) this.#addBodyLine(line);
    else if (isEmptyLine(line)) this.#endHeader();
    else this.#addHeaderLine(line);
  }

  /** For plugins that put a line in: with its line end, and dot stuffing as on the wire. */
  add_data(line: string | Buffer): void {
    const octets = Buffer.from(line);
    this.addLine(octets[0] === DOT ? octets.subarray(1) : octets);
  }

  /** Call after the last line; plugins may read the message then. */
  async end(): Promise<void> {
    this.#hasEmptyLine = this.#isInBody;
    if (!this.#isInBody) this.#endHeader();
    if (this.body !== null) this.#endBody(this.body);
    await new Promise<void>((resolve) => this.message_stream.add_line_end(resolve));
  }

  /** The message as plugins left it, without the host's own fields: the sender's octets wherever nobody changed them. */
  async octets(): Promise<Buffer> {
    const header = new FieldOctets(this.#headerTexts).restore(this.header.header_list, this.header.invalid_headers ?? []);
    return this.#hasEmptyLine ? Buffer.concat([header, CRLF, await this.#storedBody()]) : header;
  }

  add_header(name: string, value: string): void {
    this.header.add_end(name, value);
  }

  add_leading_header(name: string, value: string): void {
    this.header.add(name, value);
  }

  remove_header(name: string): void {
    this.header.remove(name);
  }

  /** `hook` hears of each attachment; call before the message comes. */
  attachment_hooks(hook: AttachmentHook): void {
    this.parse_body = true;
    this.#attachmentHooks.push(hook);
  }

  set_banner(text: string, html = text.replaceAll('\n', '<br/>\n')): void {
    this.parse_body = true;
    this.#banner = [text, html];
  }

  /** `filter` may replace the parts whose content type matches or begins with `contentType`. */
  add_body_filter(contentType: string | RegExp, filter: BodyFilter): void {
    this.parse_body = true;
    this.#bodyFilters.push({ contentType, filter });
    if (this.body !== null) this.body.add_filter(filterFor(contentType, filter));
  }

  #addHeaderLine(line: Buffer, octets = line): void {
    const text = textOfLine(line);
    this.header_lines.push(text);
    this.#headerTexts.push({ text, octets });
    this.#store(line);
  }

  #endHeader(): void {
    this.#isInBody = true;
    this.header.parse(this.header_lines);
    this.#store(CRLF);
  }

  #addBodyLine(line: Buffer): void {
    if (this.parse_body && this.body === null) this.#startBody();
    // The parser works on LF; what it gives back may be many lines or none yet.
    const parsed = this.body?.parse_more(line.at(-2) === CR ? Buffer.concat([line.subarray(0, -2), Buffer.of(LF)]) : line);
    if (parsed === undefined || !this.#rewritesBody) this.#store(line);
    else this.#storeParsed(parsed);
  }

  #endBody(body: Body): void {
    const tail = body.parse_end();
    if (!this.#rewritesBody || tail.length === 0) return;
    body.force_end();
    this.#storeParsed(tail);
  }

  #storeParsed(octets: Buffer): void {
    for (const line of splitLines(octets)) this.#store(line);
  }

  #startBody(): void {
    const body = new email.Body(this.header);
    body.on('mime_boundary', () => {
      this.mime_part_count += 1;
    });
    for (const hook of this.#attachmentHooks) body.on('attachment_start', hook);
    if (this.#banner !== null) body.set_banner(this.#banner);
    for (const { contentType, filter } of this.#bodyFilters) body.add_filter(filterFor(contentType, filter));
    this.body = body;
    this.#rewritesBody = this.#banner !== null || this.#bodyFilters.length > 0;
  }

  /** RFC 5321 §4.5.2: a line that begins with a dot is stored with one more. */
  #store(line: Buffer): void {
    if (this.discard_data) return;
    this.message_stream.add_line(line[0] === DOT ? Buffer.concat([Buffer.of(DOT), line]) : line);
  }

  async #storedBody(): Promise<Buffer> {
    const broken = once(this.message_stream, 'error').then(([error]) => { throw error; });
    const target = this.message_stream.pipe(new PassThrough(), { skip_headers: true });
    return Buffer.concat(await Promise.race([Array.fromAsync(target as AsyncIterable<Buffer>), broken]));
  }
}

function isEmptyLine(line: Buffer): boolean {
  return line[0] === LF || (line[0] === CR && line[1] === LF);
}

/** With CRLF, whatever line ends the parser left. */
function splitLines(octets: Buffer): Buffer[] {
  if (octets.length === 0) return [];
  const lines = octets.toString('latin1').split(/(?<=\n)/);
  return lines.map((line) => Buffer.from(line.replace(/\r?\n$/, '\r\n'), 'latin1'));
}

function filterFor(wanted: string | RegExp, filter: BodyFilter): (contentType: string, encoding: string, part: Buffer) => Buffer {
  return (contentType, encoding, part) => {
    const given = String(contentType ?? '').trim().toLowerCase();
    const isWanted = wanted instanceof RegExp ? wanted.test(given) : given.startsWith(wanted.toLowerCase());
    return (isWanted && given !== '' && filter(contentType, encoding, part)) || part;
  };
}
