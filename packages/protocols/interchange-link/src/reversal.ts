import { field90 } from '@zhanggui/iso8583';
import { decodeTlv, encodeTlv } from '@zhanggui/tlv';
import type { InterchangeMessage } from './identity.ts';

/** Field 60.1 of a reversal of the whole amount (facts network §1.7). */
const fullReversal = '4351';

/** Chip data a reversal repeats (facts china §1.18). */
const reversalTags: ReadonlySet<string> = new Set(['95', '9F1E', '9F10', '9F36', 'DF31']);

/**
 * The reversal (0420) a request would need, made before the request leaves. It points at the request by field 90 and repeats its
 * fields 11, 12, 13, 15 and 37; never a track or a PIN. Field 7 is still the request's: a reversal gets its own when it is sent.
 */
export const reversalOf = ({ mti, fields }: InterchangeMessage): InterchangeMessage => {
  const { 26: _pinLength, 35: _track2, 36: _track3, 45: _track1, 52: _pin, 53: _control, 63: _smPin, ...kept } = fields;
  return {
    mti: '0420',
    fields: {
      ...kept,
      55: fields[55] && chipData(fields[55]),
      60: `${fullReversal}${(fields[60] ?? '').slice(4)}`,
      90: field90.encode({
        mti,
        stan: fields[11] ?? '',
        transmittedAt: fields[7] ?? '',
        acquirer: fields[32] ?? '',
        forwarder: fields[33] ?? '',
      }),
    },
  };
};

const chipData = (field55: Uint8Array): Uint8Array | undefined => {
  try {
    const kept = decodeTlv(field55).filter(({ tag }) => reversalTags.has(tag));
    return kept.length > 0 ? encodeTlv(kept) : undefined;
  } catch {
    return undefined; // unreadable chip data is the issuer's to refuse; the reversal goes without
  }
};
