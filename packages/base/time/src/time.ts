/** An instant: milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly __unit: 'epoch-ms' };
/** A wall-clock reading without a zone, `YYYY-MM-DDThh:mm:ss` (ISO 8583 fields 12 and 13 carry parts of it). */
export type LocalDateTime = string & { readonly __unit: 'local-date-time' };
/** The day a host books under, `YYYY-MM-DD`; set by the host, never derived by a reader. */
export type BusinessDate = string & { readonly __unit: 'business-date' };

/** A source of the present instant; passed in, so that tests and audits can replay it. */
export type Clock = () => EpochMs;

export const epochMs = (ms: number): EpochMs => {
  if (!Number.isSafeInteger(ms)) throw new RangeError('an instant is a whole number of milliseconds');
  return ms as EpochMs;
};

export const businessDate = (text: string): BusinessDate => {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  // A 31st of February would be read as a day of March.
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(text))
    throw new RangeError('a business date is YYYY-MM-DD');
  return text as BusinessDate;
};

export const localDateTime = (text: string): LocalDateTime => {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text) || Number.isNaN(Date.parse(`${text}Z`))) {
    throw new RangeError('a local date-time is YYYY-MM-DDThh:mm:ss');
  }
  return text as LocalDateTime;
};

/** China keeps one zone without daylight saving: UTC+8. */
export const chinaOffsetMinutes = 480;

/** The wall clock at an instant, for a zone at a fixed offset from UTC. */
export const wallClock = (at: EpochMs, offsetMinutes: number = chinaOffsetMinutes): LocalDateTime =>
  new Date(at + offsetMinutes * 60_000).toISOString().slice(0, 19) as LocalDateTime;

/** The instant of a wall-clock reading. */
export const instantOf = (local: LocalDateTime, offsetMinutes: number = chinaOffsetMinutes): EpochMs =>
  epochMs(Date.parse(`${local}Z`) - offsetMinutes * 60_000);

/** ISO 8583 pieces of a wall-clock reading: MMDD, hhmmss, MMDDhhmmss, YYMMDD. */
export const isoFields = (local: LocalDateTime) => {
  const digits = local.replace(/\D/g, '');
  return {
    mmdd: digits.slice(4, 8),
    hhmmss: digits.slice(8, 14),
    mmddhhmmss: digits.slice(4, 14),
    yymmdd: digits.slice(2, 8),
    yymm: digits.slice(2, 6),
  } as const;
};

/** The business day an instant falls in when the day turns at `cutOver` (`hh:mm`, wall clock): 23:00 books into tomorrow. */
export const businessDateAt = (
  at: EpochMs,
  cutOver: string = '24:00',
  offsetMinutes: number = chinaOffsetMinutes,
): BusinessDate => {
  const [hours = '24', minutes = '0'] = cutOver.split(':');
  const untilMidnightMs = (24 * 60 - (Number(hours) * 60 + Number(minutes))) * 60_000;
  return wallClock(epochMs(at + untilMidnightMs), offsetMinutes).slice(0, 10) as BusinessDate;
};
