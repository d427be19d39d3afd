export const CORE = 'urn:ietf:params:jmap:core';
export const MAIL = 'urn:ietf:params:jmap:mail';
export const SUBMISSION = 'urn:ietf:params:jmap:submission';
/** What JMAP lacks: security status, correspondents' keys, sync status (docs/protocol/jmap.md). */
export const PALOMA = 'urn:paloma:jmap';
/** Who may get into the account, and with what (docs/protocol/jmap.md). */
export const SETTINGS = 'urn:paloma:params:jmap:settings';

export const CAPABILITIES = [CORE, MAIL, SUBMISSION, PALOMA, SETTINGS] as const;
export type Capability = (typeof CAPABILITIES)[number];

export function isCapability(text: string): text is Capability {
  return (CAPABILITIES as readonly string[]).includes(text);
}
