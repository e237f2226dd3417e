const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});

/** Time of day in the shop's zone, `17:32:05`. */
export const clockText = (at: number): string => clock.format(at);

/** With thousandths, where hops are told apart: `17:32:05.042`. */
export const preciseClockText = (at: number): string => `${clock.format(at)}.${String(at % 1000).padStart(3, '0')}`;

const stamp = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Day and time in the shop's zone, as a spreadsheet sorts it: `2026-11-22 17:32:05`. */
export const stampText = (at: number): string => stamp.format(at);

/** The day of an instant in the shop's zone, `2026-11-22`. */
export const dayText = (at: number): string => stampText(at).slice(0, 10);

/** A business date with its weekday, as the reader writes it; it has no zone: `11月22日周日`, `Sun, 22 Nov 2026`. */
export const dateText = (date: string, language: string): string =>
  new Intl.DateTimeFormat(language, {
    timeZone: 'UTC',
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    weekday: 'short',
  }).format(new Date(`${date}T00:00:00Z`));
