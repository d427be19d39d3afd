// What mail programs ask to configure themselves: Thunderbird's autoconfig (the file config-v1.1.xml, at the well-known place and below
// a base address for its setting `mailnews.auto_config_url`) and a profile for Apple's programs. Both tell the daemon's own ports and no
// more than whoever asks has said: no account, no password.

import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { domainOf, escapeXml, formatAutoconfig, type MailAddress, type MailProgramServers } from '@paloma/shared-model';
import { mailAddressOrNull } from '../mail-address-or-null.js';
import { HttpError } from './http-error.js';

const AUTOCONFIG_PATH = /^(?:\/\.well-known\/autoconfig\/mail\/config-v1\.1\.xml|\/mail\/config-v1\.1\.xml|\/autoconfig\/(?<domain>[a-z0-9.-]{1,253}))$/i;
const APPLE_PROFILE_PATH = '/autoconfig/paloma.mobileconfig';

/** False when the path is none of these. @throws {HttpError} "badRequest" for a profile without an address */
export function answerAutoconfig(servers: MailProgramServers, request: IncomingMessage, response: ServerResponse): boolean {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const match = AUTOCONFIG_PATH.exec(url.pathname);
  if (request.method !== 'GET' || (url.pathname !== APPLE_PROFILE_PATH && !match)) return false;
  if (url.pathname === APPLE_PROFILE_PATH) {
    const address = mailAddressOrNull(url.searchParams.get('address') ?? '');
    if (address === null) throw new HttpError('badRequest', 'A profile is made for one address: add "?address=…".');
    sendFile(response, { mediaType: 'application/x-apple-aspen-config', name: 'paloma.mobileconfig', text: appleProfile(address, servers) });
  } else {
    const address = mailAddressOrNull(url.searchParams.get('emailaddress') ?? '');
    const domain = match?.groups?.['domain'] ?? (address && domainOf(address)) ?? 'localhost';
    sendFile(response, { mediaType: 'text/xml; charset=utf-8', name: 'config-v1.1.xml', text: formatAutoconfig(domain, servers) });
  }
  return true;
}

function sendFile(response: ServerResponse, { mediaType, name, text }: { mediaType: string; name: string; text: string }): void {
  response.writeHead(200, {
    'content-type': mediaType, 'content-disposition': `attachment; filename="${name}"`, 'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'content-security-policy': "default-src 'none'; sandbox",
  });
  response.end(text);
}

/** Apple's configuration profile with one mail account. The ids follow from the address: installed again it replaces itself. */
function appleProfile(address: MailAddress, { imap, smtp }: MailProgramServers): string {
  const account = {
    PayloadType: 'com.apple.mail.managed', PayloadVersion: 1, PayloadIdentifier: `paloma.mail.${uuidOf(`account ${address}`)}`, PayloadUUID: uuidOf(`account ${address}`),
    PayloadDisplayName: 'Paloma', EmailAccountType: 'EmailTypeIMAP', EmailAccountDescription: 'Paloma', EmailAddress: address,
    IncomingMailServerHostName: imap.host, IncomingMailServerPortNumber: imap.port, IncomingMailServerUseSSL: imap.isTls, IncomingMailServerUsername: address,
    IncomingMailServerAuthentication: 'EmailAuthPassword',
    OutgoingMailServerHostName: smtp.host, OutgoingMailServerPortNumber: smtp.port, OutgoingMailServerUseSSL: smtp.isTls, OutgoingMailServerUsername: address,
    OutgoingMailServerAuthentication: 'EmailAuthPassword', OutgoingPasswordSameAsIncomingPassword: true,
  };
  const profile = `<dict>
${entries({ PayloadType: 'Configuration', PayloadVersion: 1, PayloadIdentifier: `paloma.${uuidOf(address)}`, PayloadUUID: uuidOf(address), PayloadDisplayName: `Paloma (${address})` })}
<key>PayloadContent</key>
<array>
<dict>
${entries(account)}
</dict>
</array>
</dict>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n<plist version="1.0">\n${profile}\n</plist>\n`;
}

function entries(values: Record<string, string | number | boolean>): string {
  return Object.entries(values).map(([key, value]) => `<key>${key}</key>${typeof value === 'string' ? `<string>${escapeXml(value)}</string>` : typeof value === 'number' ? `<integer>${value}</integer>` : `<${value}/>`}`).join('\n');
}

/** RFC 9562 §5.8: version 8, from a hash. */
function uuidOf(text: string): string {
  const octets = createHash('sha256').update(`paloma ${text}`).digest().subarray(0, 16);
  octets[6] = (octets[6]! & 0x0f) | 0x80;
  octets[8] = (octets[8]! & 0x3f) | 0x80;
  return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-').toUpperCase();
}
