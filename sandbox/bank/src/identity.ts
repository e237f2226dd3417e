/** Under which numbers a bank that does not exist goes. */
export type CardKind = 'debit' | 'credit';

/** Test BINs: PANs under them are Luhn-valid and belong to nobody. */
export const BIN_TABLE = [
  { bin: '622500', panLength: 19, kind: 'debit', name: { zh: '沙箱银行借记卡', en: 'Sandbox Bank Debit' } },
  { bin: '625800', panLength: 16, kind: 'credit', name: { zh: '沙箱银行信用卡', en: 'Sandbox Bank Credit' } },
] as const satisfies readonly { bin: string; panLength: number; kind: CardKind; name: { zh: string; en: string } }[];

/** UnionPay's RID under key indexes that UnionPay does not use: the RSA key's and the SM2 key's. */
export const sandboxAuthority = { rid: 'A000000333', index: 'F0', smIndex: 'F1', certificateExpiry: '4912' } as const;
