/** UTCDate, RFC 8620 §1.4: fractions of a second only when there are any. */
export function formatUtcDate(epochMs: number): string {
  return new Date(epochMs).toISOString().replace('.000Z', 'Z');
}

// date-time of RFC 3339 §5.6 with "T" and "Z" in upper case, as RFC 8620 §1.4 demands
const UTC_DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/;
const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** Epoch milliseconds; `null` when the text is no UTCDate. */
export function parseUtcDate(text: string): number | null {
  return UTC_DATE.test(text) ? validTime(Date.parse(text)) : null;
}

/** Epoch milliseconds of a Date (any offset); `null` when the text is none. */
export function parseDate(text: string): number | null {
  return DATE.test(text) ? validTime(Date.parse(text)) : null;
}

/** Date, RFC 8620 §1.4, as seen at an offset from UTC. */
export function formatDate(epochMs: number, offsetMinutes: number): string {
  const local = formatUtcDate(epochMs + offsetMinutes * 60_000).slice(0, -1);
  if (offsetMinutes === 0) return `${local}Z`;
  const minutes = Math.abs(offsetMinutes);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${local}${offsetMinutes < 0 ? '-' : '+'}${two(Math.trunc(minutes / 60))}:${two(minutes % 60)}`;
}

function validTime(epochMs: number): number | null {
  return Number.isNaN(epochMs) ? null : epochMs;
}
