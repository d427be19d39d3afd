// Dates of header fields, RFC 5322 §3.3 with the obsolete zones and two-digit years of §4.3.

import { stripComments } from './comment.js';

export interface HeaderDate {
  epochMs: number;
  /** Minutes east of UTC that the sender wrote; 0 for `-0000` and unknown zones. */
  offsetMinutes: number;
  original: string;
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** Hours east of UTC, RFC 5322 §4.3. Military letters say nothing reliable and count as UTC. */
const ZONE_HOURS: Record<string, number> = { ut: 0, utc: 0, gmt: 0, z: 0, est: -5, edt: -4, cst: -6, cdt: -5, mst: -7, mdt: -6, pst: -8, pdt: -7 };

// [day-of-week ","] day month year hour ":" minute [":" second] zone    RFC 5322 §3.3
const DATE_TIME = /^(?:[a-z]{2,9}\s*,?\s+)?(\d{1,2})[\s-]+([a-z]{3})[a-z]*[\s-]+(\d{2,4}),?\s+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d{1,9})?\s*([+-]\d{4}|[+-]\d{2}:\d{2}|[a-z]{1,5})?/i;
const MAX_DATE_CHARS = 128;

/** `null` when the text is no date. Values out of range (25:00, 31 Feb) are no date either. */
export function parseHeaderDate(text: string): HeaderDate | null {
  const plain = stripComments(text.slice(0, MAX_DATE_CHARS)).trim();
  const match = DATE_TIME.exec(plain);
  if (match === null) return null;
  const [, day, monthName = '', year = '', hour, minute, second = '0', zone = ''] = match;
  const month = MONTHS.indexOf(monthName.toLowerCase());
  const offsetMinutes = parseZone(zone);
  const fields = [fullYear(year), month, Number(day), Number(hour), Number(minute), Math.min(Number(second), 59)] as const;
  const localMs = Date.UTC(...fields);
  const isInRange = month >= 0 && new Date(localMs).getUTCDate() === Number(day) && Number(hour) < 24 && Number(minute) < 60;
  return isInRange ? { epochMs: localMs - offsetMinutes * 60_000, offsetMinutes, original: text } : null;
}

/** `Thu, 1 Jan 2026 00:00:00 +0000`, RFC 5322 §3.3. Always UTC: a zone would tell where the sender is. */
export function formatDate(epochMs: number): string {
  const date = new Date(epochMs);
  const two = (value: number): string => String(value).padStart(2, '0');
  const monthName = MONTHS[date.getUTCMonth()] ?? '';
  const month = monthName.charAt(0).toUpperCase() + monthName.slice(1);
  const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':');
  return `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${month} ${String(date.getUTCFullYear()).padStart(4, '0')} ${time} +0000`;
}

/** RFC 5322 §4.3: 00–49 is 20xx, 50–99 is 19xx, three digits count from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length === 2) return year < 50 ? 2000 + year : 1900 + year;
  return text.length === 3 ? 1900 + year : year;
}

function parseZone(zone: string): number {
  const numeric = /^([+-])(\d{2}):?(\d{2})$/.exec(zone);
  if (numeric === null) return (ZONE_HOURS[zone.toLowerCase()] ?? 0) * 60;
  const minutes = Number(numeric[2]) * 60 + Number(numeric[3]);
  return numeric[1] === '-' ? -minutes : minutes;
}
