/** Terminal Verification Results and Transaction Status Information (EMV Book 3 Annex C5, C6): name to [byte, bit], both from 1 and 8. */
export const TVR_BITS = {
  'oda-not-performed': [1, 8],
  'sda-failed': [1, 7],
  'icc-data-missing': [1, 6],
  'card-on-exception-file': [1, 5],
  'dda-failed': [1, 4],
  'cda-failed': [1, 3],
  'sda-selected': [1, 2],
  'application-versions-differ': [2, 8],
  'application-expired': [2, 7],
  'application-not-yet-effective': [2, 6],
  'service-not-allowed': [2, 5],
  'new-card': [2, 4],
  'cardholder-verification-failed': [3, 8],
  'cvm-unrecognised': [3, 7],
  'pin-try-limit-exceeded': [3, 6],
  'pin-pad-missing': [3, 5],
  'pin-not-entered': [3, 4],
  'online-pin-entered': [3, 3],
  'floor-limit-exceeded': [4, 8],
  'lower-offline-limit-exceeded': [4, 7],
  'upper-offline-limit-exceeded': [4, 6],
  'selected-randomly': [4, 5],
  'merchant-forced-online': [4, 4],
  'default-tdol-used': [5, 8],
  'issuer-authentication-failed': [5, 7],
  'script-failed-before-final': [5, 6],
  'script-failed-after-final': [5, 5],
} as const satisfies BitTable;

export const TSI_BITS = {
  'oda-performed': [1, 8],
  'cardholder-verification-performed': [1, 7],
  'card-risk-management-performed': [1, 6],
  'issuer-authentication-performed': [1, 5],
  'terminal-risk-management-performed': [1, 4],
  'script-processing-performed': [1, 3],
} as const satisfies BitTable;

type BitTable = Readonly<Record<string, readonly [byte: number, bit: number]>>;
export type TvrBit = keyof typeof TVR_BITS;
export type TsiBit = keyof typeof TSI_BITS;

/** Names of the bits that are set, in the order of the table. */
export const tvrNames = (tvr: Uint8Array): TvrBit[] => namesOf(TVR_BITS, tvr);
export const tsiNames = (tsi: Uint8Array): TsiBit[] => namesOf(TSI_BITS, tsi);

export const setBit = (results: Uint8Array, [byte, bit]: readonly [number, number]): void => {
  results[byte - 1] = (results[byte - 1] ?? 0) | (1 << (bit - 1));
};

export const hasBit = (results: Uint8Array | undefined, [byte, bit]: readonly [number, number]): boolean =>
  ((results?.[byte - 1] ?? 0) & (1 << (bit - 1))) !== 0;

const namesOf = <Table extends BitTable>(table: Table, results: Uint8Array): (keyof Table)[] =>
  Object.keys(table).filter((name) => {
    const place = table[name];
    return place !== undefined && hasBit(results, place);
  });
