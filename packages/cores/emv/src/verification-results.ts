import { TSI_BITS, TVR_BITS } from '@zhanggui/tlv';

export type TvrBit = keyof typeof TVR_BITS;
export type TsiBit = keyof typeof TSI_BITS;
type Place = readonly [byte: number, bit: number, ...rest: unknown[]];

/** Names of the bits that are set, in the order of the table. */
export const tvrNames = (tvr: Uint8Array): TvrBit[] => namesOf(TVR_BITS, tvr);
export const tsiNames = (tsi: Uint8Array): TsiBit[] => namesOf(TSI_BITS, tsi);

export const setBit = (results: Uint8Array, [byte, bit]: Place): void => {
  results[byte - 1] = (results[byte - 1] ?? 0) | (1 << (bit - 1));
};

export const hasBit = (results: Uint8Array | undefined, [byte, bit]: Place): boolean =>
  ((results?.[byte - 1] ?? 0) & (1 << (bit - 1))) !== 0;

const namesOf = <Table extends Readonly<Record<string, Place>>>(table: Table, results: Uint8Array): (keyof Table)[] =>
  Object.keys(table).filter((name) => {
    const place = table[name];
    return place !== undefined && hasBit(results, place);
  });
