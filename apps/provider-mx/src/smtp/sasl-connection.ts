// SASL mechanisms that smtp-server has not: OAUTHBEARER (RFC 7628) and EXTERNAL (RFC 4422 appendix A). One response each, at once or when
// asked for (RFC 4954 §4).

import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServer, SMTPServerError, SMTPServerSession } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import { ChunkingConnection, type Done, type Reply } from '@paloma/smtp-listener';
import { authorizationIdentityOf, clientCertificateSha256 } from './client-certificate.js';
import { xoauth2Of } from './oauth-bearer.js';

/** What a client shows of itself by TLS. */
export interface ExternalCredentials {
  /** Whom it asks to be; empty: whoever the certificate says. */
  username: string;
  /** In base64url; null: it has shown no certificate. */
  certificateSha256: string | null;
}

/** Answers with the name of the user. */
export type ExternalLogIn = (credentials: ExternalCredentials, session: SMTPServerSession, callback: (error: SMTPServerError | null, user?: string) => void) => void;

export class SaslConnection extends ChunkingConnection {
  readonly #mechanisms = new Map([
    ['OAUTHBEARER', this.#bear.bind(this)],
    ['EXTERNAL', this.#believeTls.bind(this)],
  ]);

  constructor(server: SMTPServer, private readonly logIn: ExternalLogIn, socket: Socket | TLSSocket, options?: SMTPConnectionOptions | null) {
    super(server, socket, options);
  }

  override handler_AUTH(command: Buffer, callback: Done): void {
    const [, name = '', response] = command.toString().trim().split(/\s+/);
    const authenticate = this.#mechanisms.get(name.toUpperCase());
    const { allowInsecureAuth, authMethods = [] } = this._server.options;
    const isRefusedAnyway = Boolean(this.session.user) || (!this.secure && allowInsecureAuth !== true) || !authMethods.includes(name.toUpperCase());
    if (authenticate === undefined || isRefusedAnyway) return super.handler_AUTH(command, callback);
    if (response !== undefined) return authenticate(response, callback);
    this._nextHandler = (line, done) => authenticate(line.toString().trim(), done);
    this.send(334);
    callback();
  }

  protected override writeReply({ code, data, context }: Reply): void {
    super.writeReply({ code, data: Array.isArray(data) ? data.map((line) => this.#withUsableMechanisms(line)) : data, context });
  }

  /** EXTERNAL is for whoever has shown a certificate (RFC 4422 §A): programs that take it for the best mechanism would fail without. */
  #withUsableMechanisms(line: string): string {
    return line.startsWith('AUTH ') && clientCertificateSha256(this._socket) === null ? line.replace(/ EXTERNAL\b/, '') : line;
  }

  /** What smtp-server needs of an OAUTHBEARER message is in XOAUTH2. */
  #bear(response: string, callback: Done): void {
    const token = response === '*' ? null : xoauth2Of(response);
    if (token !== null) return super.handler_AUTH(Buffer.from(`AUTH XOAUTH2 ${token}`), callback);
    this.send(501, '5.5.2 no OAUTHBEARER message');
    callback();
  }

  /** By the certificate that was shown in TLS; the response names who the client wants to be, if anybody. */
  #believeTls(response: string, callback: Done): void {
    const username = authorizationIdentityOf(response);
    if (username === null) {
      this.send(501, '5.5.2 no EXTERNAL message');
      return callback();
    }
    this.logIn({ username, certificateSha256: clientCertificateSha256(this._socket) }, this.session, (error, user) => {
      if (error) this.send(error.responseCode ?? 535, error.message);
      else {
        this.session.user = user;
        this.session.transmissionType = this._transmissionType();
        this.send(235, 'Authentication successful');
      }
      callback();
    });
  }
}
