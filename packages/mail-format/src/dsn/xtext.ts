/** xtext = *( xchar / hexchar )     RFC 3461 §4; each character can begin one thing only, so that this is linear. */
const XTEXT = /^(?:[!-*,-<>-~]|\+[0-9A-F]{2})*$/;

/** The octets that an xtext stands for, one in each character; null: it is none. */
export function parseXtext(text: string): string | null {
  return XTEXT.test(text) ? text.replace(/\+(..)/g, (_encoded, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : null;
}

/** `octets`: one in each character. */
export function formatXtext(octets: string): string {
  return octets.replace(/[^!-*,-<>-~]/g, (octet) => `+${octet.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
}
