// Log-in by a TLS client certificate: EXTERNAL, RFC 4422 appendix A.

import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/** SHA-256 in base64url of the certificate that the client has shown, and whose key it has by the rules of TLS; null: none. */
export function clientCertificateSha256(socket: Socket | TLSSocket): string | null {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate === undefined ? null : createHash('sha256').update(certificate.raw).digest('base64url');
}

/** Whom the client asks to be, from its response in base64 (`=`: the empty one, RFC 4954 §4); empty: whoever the certificate says. null: it is none, or was broken off by `*`. */
export function authorizationIdentityOf(response: string): string | null {
  if (response === '' || response === '=') return '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(response)) return null;
  const identity = Buffer.from(response, 'base64').toString();
  // extern-initial-resp = *( UTF8-char-no-nul )   RFC 4422 §A.3; other controls are in no address
  return /\p{Cc}/u.test(identity) ? null : identity;
}
