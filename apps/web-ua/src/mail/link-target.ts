// Where a link out of a mail really goes. `URL` gives host names in ASCII (xn--…), so look-alike letters show.

export type LinkTarget =
  | { kind: 'web'; url: string; host: string; isSecure: boolean; /** The host that the mail shows instead, if it shows another. */ mismatch: string | null }
  | { kind: 'mail'; url: string; address: string }
  | { kind: 'refused' };

/** Text that looks like a web address: the host name in it. */
const SHOWN_HOST = /^\s*(?:https?:\/\/)?((?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24})(?:[/:?#\s]|$)/iu;

export function describeLink(url: string, text: string): LinkTarget {
  const parsed = URL.parse(url);
  if (parsed?.protocol === 'mailto:') return { kind: 'mail', url, address: parsed.pathname };
  if (parsed?.protocol !== 'http:' && parsed?.protocol !== 'https:') return { kind: 'refused' };
  return { kind: 'web', url: parsed.href, host: parsed.host, isSecure: parsed.protocol === 'https:', mismatch: mismatchOf(parsed.hostname, text) };
}

function mismatchOf(hostname: string, text: string): string | null {
  const shown = SHOWN_HOST.exec(text)?.[1]?.toLowerCase();
  if (shown === undefined) return null;
  const bare = (host: string): string => host.replace(/^www\./, '');
  return bare(URL.parse(`https://${shown}`)?.hostname ?? shown) === bare(hostname) ? null : shown;
}
