import { isLuhnValid } from '@zhanggui/ids';
import type { PosMessage } from './pos.ts';

/** What the terminal read of a card. Lives as long as its request; only the PAN outlives it, sealed. */
export type Card = Readonly<{ pan: string; expiry: string | undefined; panSequence: string | undefined }>;

/** The card of a request: field 2 when it was typed or read from a chip, else what stands before the separator of a track. */
export const cardOf = ({ fields }: PosMessage): Card | undefined => {
  const track = fields[35];
  const separator = track?.indexOf('=') ?? -1;
  const pan = fields[2] ?? (track && separator > 0 ? track.slice(0, separator) : undefined);
  if (!pan) return undefined;
  const trackExpiry = track && separator > 0 ? track.slice(separator + 1, separator + 5) : undefined;
  return { pan, expiry: fields[14] ?? trackExpiry, panSequence: fields[23] };
};

export const isPanPlausible = (pan: string): boolean => /^\d{12,19}$/.test(pan) && isLuhnValid(pan);
