// The parameters of the DSN extension (RFC 3461 §4), between what stands in a command and what it means. Whatever is parsed here can be
// formatted again within the same bounds, and has no character that could end a line of a command or of a notice.

import { NOTIFY_CONDITIONS, RETURNED_PARTS, type NotifyCondition, type RecipientNotification, type ReturnedPart } from '@paloma/shared-model';
import { formatXtext, parseXtext } from './xtext.js';

/** RFC 3461 §4.4, of the encoded form. */
export const MAX_ENVELOPE_ID_CHARS = 100;
/** RFC 3461 §4.2, of the encoded form. */
export const MAX_ORIGINAL_RECIPIENT_CHARS = 500;
/** Each condition twice and more: a longer list is noise. */
const MAX_NOTIFY_CHARS = 100;

/** QCHAR = %x21-2a / %x2c-3c / %x3e-5b / %x5d-7e and EmbeddedUnicodeChar = "\x{" HEXPOINT "}"     RFC 6533 §3, and utf-8-addr-unitext, which has the rest as it is. */
const UTF8_ADDRESS = /^(?:[!-*,-<>-[\]-~]|[^\0-\x9f]|\\x\{[0-9A-F]{2,6}\})+$/u;
const EMBEDDED = /\\x\{([0-9A-F]+)\}/g;
const MAX_CODE_POINT = 0x10_ffff;

export function parseReturnedPart(text: string): ReturnedPart | null {
  return RETURNED_PARTS.find((part) => part === text.toUpperCase()) ?? null;
}

/** In the order of NOTIFY_CONDITIONS; empty for NEVER, which stands alone. `null`: malformed. */
export function parseNotify(text: string): NotifyCondition[] | null {
  if (text.length > MAX_NOTIFY_CHARS) return null;
  const words = text.toUpperCase().split(',');
  if (words.length === 1 && words[0] === 'NEVER') return [];
  return words.every((word) => (NOTIFY_CONDITIONS as readonly string[]).includes(word)) ? NOTIFY_CONDITIONS.filter((condition) => words.includes(condition)) : null;
}

export function formatNotify(conditions: readonly NotifyCondition[]): string {
  return conditions.length === 0 ? 'NEVER' : conditions.join(',');
}

/** An ENVID as it stands in a command. `null`: malformed. */
export function parseEnvelopeId(text: string): string | null {
  const envelopeId = text.length <= MAX_ENVELOPE_ID_CHARS ? parseXtext(text) : null;
  return envelopeId !== null && isEnvelopeId(envelopeId) ? envelopeId : null;
}

/** Whether this is an ENVID with its encoding taken off: printable, and short enough to be encoded. */
export function isEnvelopeId(envelopeId: string): boolean {
  return /^[ -~]{1,100}$/.test(envelopeId) && formatXtext(envelopeId).length <= MAX_ENVELOPE_ID_CHARS;
}

/** An ORCPT as it stands in a command, without its encoding. `null`: malformed, or of a type of addresses that nobody uses with us. */
export function parseOriginalRecipient(text: string): string | null {
  if (text.length > MAX_ORIGINAL_RECIPIENT_CHARS) return null;
  const [type, address] = splitAtType(text);
  const octets = type === 'rfc822' ? parseXtext(address) : type === 'utf-8' && isUtf8Address(address) ? address : null;
  const original = octets === null ? '' : decodeOriginalRecipient(`${type};${octets}`);
  return isOriginalRecipient(original) ? original : null;
}

/** What `parseOriginalRecipient` gives, for one that it has found to be good and whose xtext was taken off. */
export function decodeOriginalRecipient(text: string): string {
  const [type, address] = splitAtType(text);
  return `${type};${type === 'utf-8' ? address.replace(EMBEDDED, (_embedded, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16))) : address}`;
}

/** Whether this is an ORCPT with its encoding taken off: its address printable, in ASCII for `rfc822`, and short enough to be encoded. */
export function isOriginalRecipient(original: string): boolean {
  const [type, address] = splitAtType(original);
  const isOfType = type === 'rfc822' ? /^[ -~]+$/.test(address) : type === 'utf-8' && /^(?:[ -~]|[^\0-\x9f\p{Cs}\ufffd])+$/u.test(address);
  return isOfType && original.length <= MAX_ORIGINAL_RECIPIENT_CHARS && formatOriginalRecipient(original).length <= MAX_ORIGINAL_RECIPIENT_CHARS;
}

/** For a command, always in ASCII. */
export function formatOriginalRecipient(original: string): string {
  const [type, address] = splitAtType(original);
  return `${type};${type === 'utf-8' ? formatUtf8Address(address) : formatXtext(address)}`;
}

/** The parameters of RCPT that say this, each with a space in front. */
export function formatRecipientParameters({ notify, originalRecipient }: RecipientNotification): string {
  const notifyParameter = notify === undefined ? '' : ` NOTIFY=${formatNotify(notify)}`;
  return originalRecipient === undefined ? notifyParameter : `${notifyParameter} ORCPT=${formatOriginalRecipient(originalRecipient)}`;
}

function splitAtType(text: string): [type: string, address: string] {
  const end = text.indexOf(';');
  return end < 0 ? ['', ''] : [text.slice(0, end).toLowerCase(), text.slice(end + 1)];
}

function isUtf8Address(text: string): boolean {
  return UTF8_ADDRESS.test(text) && [...text.matchAll(EMBEDDED)].every(([, hex = '']) => Number.parseInt(hex, 16) <= MAX_CODE_POINT);
}

function formatUtf8Address(address: string): string {
  return address.replace(/[^!-*,-<>-[\]-~]/gu, (character) => `\\x{${character.codePointAt(0)!.toString(16).toUpperCase().padStart(2, '0')}}`);
}
