import { field90, type InterchangeFields } from '@zhanggui/iso8583';
import { decodeTlv, encodeTlv } from '@zhanggui/tlv';
import type { InterchangeMessage } from './identity.ts';

/** Field 60.1 of a reversal of the whole amount (Q/CUP 006). */
const fullReversal = '4351';

/** Chip data a reversal repeats (PBOC 3.0 field 55 in UnionPay's order). */
const reversalTags: ReadonlySet<string> = new Set(['95', '9F1E', '9F10', '9F36', 'DF31']);

/**
 * The reversal (0420) a request would need, made before the request leaves. It points at the request by field 90 and repeats no track
 * and no PIN (Q/CUP 006). Field 7 is still the request's: a reversal gets its own when it is sent.
 */
export const reversalOf = ({ mti, fields }: InterchangeMessage): InterchangeMessage => ({
  mti: '0420',
  fields: {
    2: fields[2],
    3: fields[3],
    4: fields[4],
    7: fields[7],
    11: fields[11],
    12: fields[12],
    13: fields[13],
    14: fields[14],
    15: fields[15],
    18: fields[18],
    19: fields[19],
    22: fields[22],
    23: fields[23],
    25: fields[25],
    32: fields[32],
    33: fields[33],
    37: fields[37],
    38: fields[38],
    41: fields[41],
    42: fields[42],
    43: fields[43],
    49: fields[49],
    55: fields[55] && chipData(fields[55]),
    60: `${fullReversal}${(fields[60] ?? '').slice(4)}`,
    90: originalOf(mti, fields),
    100: fields[100],
    121: fields[121],
  },
});

const originalOf = (
  mti: string,
  { 7: transmittedAt = '', 11: stan = '', 32: acquirer = '', 33: forwarder = '' }: InterchangeFields,
) => field90.encode({ mti, stan, transmittedAt, acquirer, forwarder });

const chipData = (field55: Uint8Array): Uint8Array | undefined => {
  try {
    const kept = decodeTlv(field55).filter(({ tag }) => reversalTags.has(tag));
    return kept.length > 0 ? encodeTlv(kept) : undefined;
  } catch {
    return undefined; // unreadable chip data is the issuer's to refuse; the reversal goes without
  }
};
