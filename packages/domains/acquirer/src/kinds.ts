import type { UnionPayPosFields } from '@zhanggui/iso8583';
import type { PosMessage } from './pos.ts';

export type TransactionKind = 'sale' | 'void' | 'balance';

type Field = keyof UnionPayPosFields;

type KindRow = Readonly<{
  mti: string;
  /** First two digits of field 3, from the terminal and to the switch. */
  processing: string;
  upstreamProcessing: string;
  condition: string;
  messageType: string;
  mandatory: readonly Field[];
  /** An unanswered one is reversed. */
  reversible: boolean;
}>;

/** What a terminal may ask for (Q/CUP 009.1), told apart by MTI, field 3, field 25 and field 60.1, and what it must bring. */
export const kinds: Readonly<Record<TransactionKind, KindRow>> = {
  sale: {
    mti: '0200',
    processing: '00',
    upstreamProcessing: '00',
    condition: '00',
    messageType: '22',
    mandatory: [3, 4, 11, 22, 25, 41, 42, 49, 60, 64],
    reversible: true,
  },
  void: {
    mti: '0200',
    processing: '20',
    upstreamProcessing: '20',
    condition: '00',
    messageType: '23',
    mandatory: [3, 4, 11, 22, 25, 37, 41, 42, 49, 60, 61, 64],
    reversible: true,
  },
  balance: {
    mti: '0200',
    processing: '31',
    upstreamProcessing: '30',
    condition: '00',
    messageType: '01',
    mandatory: [3, 11, 22, 25, 41, 42, 49, 60, 64],
    reversible: false,
  },
};

export const reversalMandatory: readonly Field[] = [3, 4, 11, 22, 25, 39, 41, 42, 49, 60, 64];

const rows = Object.entries(kinds) as [TransactionKind, KindRow][];

export const kindOf = ({ mti, fields }: PosMessage): TransactionKind | undefined =>
  rows.find(
    ([, row]) =>
      row.mti === mti &&
      fields[3]?.startsWith(row.processing) &&
      fields[25] === row.condition &&
      fields[60]?.startsWith(row.messageType),
  )?.[0];

export const lacks = (message: PosMessage, mandatory: readonly Field[]): boolean =>
  mandatory.some((field) => message.fields[field] === undefined);
