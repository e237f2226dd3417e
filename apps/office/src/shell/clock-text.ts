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
