import { posField60, type UnionPayPosFields } from '@zhanggui/iso8583';
import type { PosMessage } from '../pos.ts';

export const merchantId = '898100053110001';
export const terminalId = '00000001';
export const card = { pan: '6225000000000014', track2: '6225000000000014=30122201234500678' };

/** Trace numbers of this test run's terminal. */
const stans = { last: 1 };
const nextStan = (): string => {
  stans.last += 1;
  return String(stans.last).padStart(6, '0');
};

export const signInRequest = (terminal: string, merchant = merchantId): PosMessage => ({
  mti: '0800',
  fields: {
    11: '000001',
    41: terminal,
    42: merchant,
    60: posField60.encode({ messageType: '00', batch: '000001', managementCode: '003' }),
    63: '01 ',
  },
});

export const echoRequest = (): PosMessage => ({
  mti: '0820',
  fields: { 11: '000009', 41: terminalId, 42: merchantId, 60: '00000001301' },
});

/** A swiped sale without a PIN; `own` overrides. */
export const saleRequest = (own: UnionPayPosFields = {}): PosMessage => ({
  mti: '0200',
  fields: {
    3: '000000',
    4: '000000001234',
    11: nextStan(),
    22: '022',
    25: '00',
    35: card.track2,
    41: terminalId,
    42: merchantId,
    49: '156',
    60: '22000001000601',
    ...own,
  },
});

export const balanceRequest = (): PosMessage =>
  saleRequest({ 3: '310000', 4: undefined, 60: '01000001000601', 63: '01 ' });

/** The void of an approved sale, from the sale's answer. */
export const voidRequest = ({ fields: sale }: PosMessage, own: UnionPayPosFields = {}): PosMessage =>
  saleRequest({
    3: '200000',
    4: sale[4],
    37: sale[37],
    38: sale[38],
    60: '23000001000601',
    61: `000001${sale[11]}`,
    ...own,
  });

export const reversalRequest = ({ fields }: PosMessage, reason = '98'): PosMessage => ({
  mti: '0400',
  fields: {
    3: fields[3],
    4: fields[4],
    11: fields[11],
    22: fields[22],
    25: fields[25],
    39: reason,
    41: fields[41],
    42: fields[42],
    49: fields[49],
    60: fields[60],
  },
});
