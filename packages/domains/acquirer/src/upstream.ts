import type { InterchangeMessage, Stamp } from '@zhanggui/interchange-link';
import { field90, interchangeField60, posField60 } from '@zhanggui/iso8583';
import type { Card } from './card.ts';
import { kinds, type TransactionKind } from './kinds.ts';
import type { PosMessage } from './pos.ts';
import type { TransactionRecord } from './records.ts';
import type { Terminal } from './registry.ts';

/** What the acquirer adds to a terminal's request to make it the centre's. */
export type UpstreamPart = Readonly<{
  institution: string;
  terminal: Terminal;
  card: Card;
  stamp: Stamp;
  rrn: string;
  /** Field 11 on the way to the centre; the terminal's own number is not unique there. */
  stan: string;
  /** What a void is for. */
  original: Pick<TransactionRecord, 'upstreamStan' | 'transmittedAt' | 'authCode'> | undefined;
}>;

const terminalType = '03'; // 60.2.5: POS

/** Field 60 towards the centre: 27 characters, up to the account settlement type, say how the card was read (Q/CUP 006). */
const upstreamField60 = (request: PosMessage): string => {
  const { readingCapability = '0', chipCondition = '0' } = posField60.decode(request.fields[60] ?? '');
  const isChip = /^(05|07|95|98)/.test(request.fields[22] ?? '');
  return interchangeField60.encode({
    reason: '0000',
    readingCapability: readingCapability === '0' ? '2' : readingCapability,
    chipCondition,
    terminalType,
    initiation: '1',
    medium: isChip ? '2' : '1',
    accountSettlement: '00',
  });
};

/** The terminal's request in the centre's dialect (Q/CUP 006), but for fields 26, 52 and 53: a PIN is put in when it leaves. */
export const upstreamRequest = (kind: TransactionKind, request: PosMessage, part: UpstreamPart): InterchangeMessage => {
  const { fields } = request;
  const { card, stamp, terminal, original } = part;
  return {
    mti: kinds[kind].mti,
    fields: {
      2: card.pan,
      3: `${kinds[kind].upstreamProcessing}${(fields[3] ?? '').slice(2)}`,
      4: kind === 'balance' ? undefined : fields[4],
      7: stamp.mmddhhmmss,
      11: part.stan,
      12: stamp.hhmmss,
      13: stamp.mmdd,
      14: card.expiry,
      18: terminal.mcc,
      22: fields[22],
      23: card.panSequence,
      25: fields[25],
      32: part.institution,
      33: part.institution,
      35: fields[35],
      36: fields[36],
      37: part.rrn,
      38: original?.authCode ?? undefined,
      41: terminal.terminalId,
      42: terminal.merchantId,
      43: terminal.nameField,
      49: fields[49],
      55: fields[55],
      60: upstreamField60(request),
      90: original && originalField90(original, part.institution),
    },
  };
};

/** Terminals void sales, which this host sent to the centre as 0200. */
const originalField90 = (
  original: Readonly<{ upstreamStan: string; transmittedAt: string }>,
  institution: string,
): string =>
  field90.encode({
    mti: '0200',
    stan: original.upstreamStan,
    transmittedAt: original.transmittedAt,
    acquirer: institution,
    forwarder: institution,
  });
