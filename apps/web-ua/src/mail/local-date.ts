// Dates as a reader wants them: the time today, the day this year, the year before that.

const DAY_MS = 86_400_000;

export interface DateFormats {
  /** For a row of the list. */
  short(date: Date, now: Date): string;
  /** A day of any year. */
  day(date: Date): string;
  /** For the head of a message. */
  full(date: Date): string;
  relative(date: Date, now: Date): string;
}

export function dateFormats(locale: string): DateFormats {
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
  const day = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
  const year = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
  const longDay = new Intl.DateTimeFormat(locale, { dateStyle: 'long' });
  const full = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return {
    short: (date, now) => {
      if (date.toDateString() === now.toDateString()) return time.format(date);
      if (Math.abs(now.valueOf() - date.valueOf()) < 6 * DAY_MS) return weekday.format(date);
      return (date.getFullYear() === now.getFullYear() ? day : year).format(date);
    },
    day: (date) => longDay.format(date),
    full: (date) => full.format(date),
    relative: (date, now) => relativeText(relative, date.valueOf() - now.valueOf()),
  };
}

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [['day', DAY_MS], ['hour', 3_600_000], ['minute', 60_000]];

function relativeText(format: Intl.RelativeTimeFormat, differenceMs: number): string {
  const [unit, lengthMs] = UNITS.find(([, length]) => Math.abs(differenceMs) >= length) ?? ['second', 1000];
  return format.format(Math.round(differenceMs / lengthMs), unit);
}

/** `1.4 MB`; powers of ten, as file managers show them. */
export function formatSize(sizeBytes: number, locale: string): string {
  const [unit, factor] = ([['gigabyte', 1e9], ['megabyte', 1e6], ['kilobyte', 1e3]] as const).find(([, size]) => sizeBytes >= size) ?? ['byte', 1];
  const maximumFractionDigits = sizeBytes / factor < 10 && unit !== 'byte' ? 1 : 0;
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short', maximumFractionDigits }).format(sizeBytes / factor);
}
