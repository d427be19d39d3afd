// Where mail programs find the daemon, in the form in which they ask: Mozilla's config-v1.1.xml (draft-ietf-mailmaint-autoconfig). The daemon
// answers with its own ports, the provider, who knows none of its users' machines, with those that a daemon has unless told.

export interface MailProgramServer {
  host: string;
  port: number;
  /** Implicit TLS; plain where false, on loopback alone. */
  isTls: boolean;
}

export interface MailProgramServers {
  imap: MailProgramServer;
  smtp: MailProgramServer;
}

export const DEFAULT_IMAP_PORT = 1984;
export const DEFAULT_SMTP_PORT = 2013;

/** On the user's own machine. */
export const DEFAULT_MAIL_PROGRAM_SERVERS: MailProgramServers = {
  imap: { host: '127.0.0.1', port: DEFAULT_IMAP_PORT, isTls: false },
  smtp: { host: '127.0.0.1', port: DEFAULT_SMTP_PORT, isTls: false },
};

/** `%EMAILADDRESS%` is for the program to fill in. */
export function formatAutoconfig(domain: string, { imap, smtp }: MailProgramServers): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1">
  <emailProvider id="${escapeXml(domain)}">
    <domain>${escapeXml(domain)}</domain>
    <displayName>Paloma</displayName>
    <displayShortName>Paloma</displayShortName>
${serverElement('incomingServer', 'imap', imap)}
${serverElement('outgoingServer', 'smtp', smtp)}
  </emailProvider>
</clientConfig>
`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function serverElement(element: 'incomingServer' | 'outgoingServer', type: 'imap' | 'smtp', { host, port, isTls }: MailProgramServer): string {
  return `    <${element} type="${type}">
      <hostname>${escapeXml(host)}</hostname>
      <port>${port}</port>
      <socketType>${isTls ? 'SSL' : 'plain'}</socketType>
      <authentication>password-cleartext</authentication>
      <username>%EMAILADDRESS%</username>
    </${element}>`;
}
