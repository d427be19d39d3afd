// date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE;  date = date-text     RFC 3501 §9

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
const DATE = /^(\d{1,2})-([A-Za-z]{3})-(\d{4})$/;
const DATE_TIME = /^( \d|\d\d)-([A-Za-z]{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/;

export const DAY_MS = 86_400_000;

/** The first millisecond of the day in UTC, or null. */
export function parseDate(text: string): number | null {
  const match = DATE.exec(text);
  return match ? utcMs(match[3]!, match[2]!, match[1]!, 0) : null;
}

/** INTERNALDATE in milliseconds, or null. */
export function parseDateTime(text: string): number | null {
  const match = DATE_TIME.exec(text);
  if (!match) return null;
  const [, day, month, year, hours, minutes, seconds, sign, zoneHours, zoneMinutes] = match as unknown as string[];
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 60 || Number(zoneMinutes) > 59) return null;
  const zoneMs = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const timeMs = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return utcMs(year!, month!, day!.trim(), timeMs - zoneMs);
}

function utcMs(year: string, monthName: string, day: string, offsetMs: number): number | null {
  const month = MONTHS.findIndex((name) => name.toLowerCase() === monthName.toLowerCase());
  const date = new Date(0);
  date.setUTCFullYear(Number(year), month, Number(day));
  return month >= 0 && date.getUTCMonth() === month && date.getUTCDate() === Number(day) ? date.getTime() + offsetMs : null;
}

/** `" 7-Feb-2026 21:52:25 +0000"`; always UTC, whole seconds. */
export function formatDateTime(atMs: number): string {
  const date = new Date(atMs);
  const day = String(date.getUTCDate()).padStart(2, ' ');
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  const time = `${TWO_DIGITS[date.getUTCHours()]}:${TWO_DIGITS[date.getUTCMinutes()]}:${TWO_DIGITS[date.getUTCSeconds()]}`;
  return `"${day}-${MONTHS[date.getUTCMonth()]}-${year} ${time} +0000"`;
}

/** The day in UTC, as SEARCH compares it (RFC 3501 §6.4.4: disregarding time and timezone). */
export function startOfDayMs(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}
