import type { MerchantObject } from './merchant-objects.ts';
import { isAccount } from './merchant-rules.ts';

/** 02–25: a scheme's own text. 26–51: a template whose object 00 is `owner`. */
export type MerchantAccount =
  | Readonly<{ id: string; value: string }>
  | Readonly<{ id: string; owner: string; objects: readonly MerchantObject[] }>;

export type Tip =
  | Readonly<{ kind: 'ask' }>
  | Readonly<{ kind: 'fixed'; amount: string }>
  | Readonly<{ kind: 'percentage'; percentage: string }>;

const ADDITIONAL_IDS = {
  billNumber: '01',
  mobileNumber: '02',
  storeLabel: '03',
  loyaltyNumber: '04',
  referenceLabel: '05',
  customerLabel: '06',
  terminalLabel: '07',
  purpose: '08',
  consumerDataRequest: '09',
  merchantTaxId: '10',
  merchantChannel: '11',
} as const;

/** Object 62. `***` is EMVCo's way of asking the consumer's phone for the value. */
export type AdditionalData = Readonly<
  { [Name in keyof typeof ADDITIONAL_IDS]?: string } & { others?: readonly MerchantObject[] }
>;

const LOCAL_IDS = { language: '00', merchantName: '01', merchantCity: '02' } as const;

/** Object 64: the merchant in its own language and script. */
export type LocalWords = Readonly<{
  language: string;
  merchantName: string;
  merchantCity?: string;
  others?: readonly MerchantObject[];
}>;

/** A merchant-presented code in words. Amounts are decimal text in `currency` (ISO 4217, three digits), as the code has them. */
export type MerchantDetails = Readonly<{
  initiation?: 'static' | 'dynamic';
  accounts: readonly MerchantAccount[];
  merchantCategoryCode: string;
  currency: string;
  amount?: string;
  tip?: Tip;
  countryCode: string;
  merchantName: string;
  merchantCity: string;
  postalCode?: string;
  additional?: AdditionalData;
  local?: LocalWords;
  others?: readonly MerchantObject[];
}>;

const NAMED = new Set('01 52 53 54 55 56 57 58 59 60 61 62 64'.split(' '));

const textOf = (objects: readonly MerchantObject[], id: string): string | undefined => {
  const object = objects.find((candidate) => candidate.id === id);
  return object && 'value' in object ? object.value : undefined;
};

const objectsOf = (objects: readonly MerchantObject[], id: string): readonly MerchantObject[] | undefined => {
  const object = objects.find((candidate) => candidate.id === id);
  return object && 'objects' in object ? object.objects : undefined;
};

type Ids = Readonly<Record<string, string>>;

const withoutEmpty = (pairs: readonly (readonly [string, unknown])[]): object =>
  Object.fromEntries(pairs.filter(([, value]) => value !== undefined));

const othersOf = (objects: readonly MerchantObject[], known: ReadonlySet<string>): object => {
  const others = objects.filter(({ id }) => !known.has(id));
  return others.length > 0 ? { others } : {};
};

const named = (objects: readonly MerchantObject[], ids: Ids): object => ({
  ...withoutEmpty(Object.entries(ids).map(([name, id]) => [name, textOf(objects, id)])),
  ...othersOf(objects, new Set(Object.values(ids))),
});

const accountOf = (object: MerchantObject): MerchantAccount =>
  'value' in object
    ? object
    : {
        id: object.id,
        owner: textOf(object.objects, '00') ?? '',
        objects: object.objects.filter(({ id }) => id !== '00'),
      };

const tipOf = (objects: readonly MerchantObject[]): Tip | undefined => {
  const indicator = textOf(objects, '55');
  if (indicator === '01') return { kind: 'ask' };
  if (indicator === '02') return { kind: 'fixed', amount: textOf(objects, '56') ?? '' };
  return indicator === '03' ? { kind: 'percentage', percentage: textOf(objects, '57') ?? '' } : undefined;
};

const optionalOf = (objects: readonly MerchantObject[]): Partial<MerchantDetails> => {
  const initiation = textOf(objects, '01');
  const additional = objectsOf(objects, '62');
  const local = objectsOf(objects, '64');
  return withoutEmpty([
    ['initiation', initiation && (initiation === '11' ? 'static' : 'dynamic')],
    ['amount', textOf(objects, '54')],
    ['tip', tipOf(objects)],
    ['postalCode', textOf(objects, '61')],
    ['additional', additional && named(additional, ADDITIONAL_IDS)],
    ['local', local && named(local, LOCAL_IDS)],
  ]);
};

/** The words of objects that `decodeMerchantCode` gave. Their order is lost: to write the same code again, keep the objects. */
export const merchantDetails = (objects: readonly MerchantObject[]): MerchantDetails => ({
  ...optionalOf(objects),
  accounts: objects.filter(({ id }) => isAccount(id)).map(accountOf),
  merchantCategoryCode: textOf(objects, '52') ?? '',
  currency: textOf(objects, '53') ?? '',
  countryCode: textOf(objects, '58') ?? '',
  merchantName: textOf(objects, '59') ?? '',
  merchantCity: textOf(objects, '60') ?? '',
  ...othersOf(
    objects.filter(({ id }) => !isAccount(id)),
    NAMED,
  ),
});

const text = (id: string, value: string | undefined): MerchantObject[] => (value === undefined ? [] : [{ id, value }]);

const template = (id: string, words: AdditionalData | LocalWords | undefined, ids: Ids): MerchantObject[] => {
  if (!words) return [];
  const values = new Map<string, unknown>(Object.entries(words));
  const objects = Object.entries(ids).flatMap(([name, sub]) => {
    const value = values.get(name);
    return typeof value === 'string' ? text(sub, value) : [];
  });
  return [{ id, objects: [...objects, ...(words.others ?? [])] }];
};

const accountObject = (account: MerchantAccount): MerchantObject =>
  'value' in account ? account : { id: account.id, objects: [...text('00', account.owner), ...account.objects] };

const tipObjects = (tip: Tip | undefined): MerchantObject[] => {
  switch (tip?.kind) {
    case 'ask':
      return text('55', '01');
    case 'fixed':
      return [...text('55', '02'), ...text('56', tip.amount)];
    case 'percentage':
      return [...text('55', '03'), ...text('57', tip.percentage)];
    case undefined:
      return [];
  }
};

/** The objects for `encodeMerchantCode`, by rising id, the unknown ones last. */
export const merchantObjects = (details: MerchantDetails): MerchantObject[] => [
  ...text('01', details.initiation && (details.initiation === 'static' ? '11' : '12')),
  ...details.accounts.map(accountObject),
  ...text('52', details.merchantCategoryCode),
  ...text('53', details.currency),
  ...text('54', details.amount),
  ...tipObjects(details.tip),
  ...text('58', details.countryCode),
  ...text('59', details.merchantName),
  ...text('60', details.merchantCity),
  ...text('61', details.postalCode),
  ...template('62', details.additional, ADDITIONAL_IDS),
  ...template('64', details.local, LOCAL_IDS),
  ...(details.others ?? []),
];
