import { type Pan, pan, Secret } from '@zhanggui/secret';
import type { ConsumerObject } from './consumer-objects.ts';

/**
 * What a payment needs of a card. The issuer's address is a secret because some put the holder's mail or telephone there. `chip`
 * is the transparent template (63 of an application, 64 of all): field 55's objects.
 */
export type CardData = Readonly<{
  label?: string;
  pan?: Pan;
  track2?: Secret<'track'>;
  cardholderName?: Secret<'payment-code'>;
  languages?: string;
  issuerUrl?: Secret<'payment-code'>;
  lastDigits?: string;
  chip?: readonly ConsumerObject[];
  others?: readonly ConsumerObject[];
}>;

/** A consumer-presented code in words; `aid` in hexadecimal. `common` goes for every application that does not say otherwise. */
export type ConsumerDetails = Readonly<{
  applications: readonly Readonly<{ aid: string; data: CardData }>[];
  common?: CardData;
  others?: readonly ConsumerObject[];
}>;

type Field = Readonly<{
  tag: string;
  name: keyof CardData;
  read: (hex: string) => unknown;
  write: (data: CardData) => string | undefined;
}>;

const textOf = (hex: string): string =>
  (hex.match(/../g) ?? []).map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join('');

/** Codes from U+0100 on have no byte of their own: they come out as an odd tag that the encoder refuses. */
const hexOf = (text: string): string =>
  text
    .split('')
    .map((character) => character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0'))
    .join('');

const padded = (digits: string): string => (digits.length % 2 === 0 ? digits : `${digits}F`);
const same = (text: string): string => text;
const written = (text: string | undefined, write: (text: string) => string): string | undefined =>
  text === undefined ? undefined : write(text);

const FIELDS: readonly Field[] = [
  { tag: '50', name: 'label', read: textOf, write: ({ label }) => written(label, hexOf) },
  {
    tag: '57',
    name: 'track2',
    read: (hex) => new Secret('track', hex.replace(/F$/, '').replace('D', '=')),
    write: ({ track2 }) => written(track2?.reveal().replace('=', 'D'), padded),
  },
  {
    tag: '5A',
    name: 'pan',
    read: (hex) => pan(hex.replace(/F$/, '')),
    write: (data) => written(data.pan?.reveal(), padded),
  },
  {
    tag: '5F20',
    name: 'cardholderName',
    read: (hex) => new Secret('payment-code', textOf(hex)),
    write: ({ cardholderName }) => written(cardholderName?.reveal(), hexOf),
  },
  { tag: '5F2D', name: 'languages', read: textOf, write: ({ languages }) => written(languages, hexOf) },
  {
    tag: '5F50',
    name: 'issuerUrl',
    read: (hex) => new Secret('payment-code', textOf(hex)),
    write: ({ issuerUrl }) => written(issuerUrl?.reveal(), hexOf),
  },
  { tag: '9F25', name: 'lastDigits', read: same, write: ({ lastDigits }) => lastDigits },
];

type ChipTag = '63' | '64';

const objectsUnder = (objects: readonly ConsumerObject[], tag: string): readonly ConsumerObject[] | undefined => {
  const object = objects.find((candidate) => candidate.tag === tag);
  return object && 'objects' in object ? object.objects : undefined;
};

const hexUnder = (objects: readonly ConsumerObject[], tag: string): string | undefined => {
  const object = objects.find((candidate) => candidate.tag === tag);
  return object && 'value' in object ? object.value.reveal() : undefined;
};

const cardData = (objects: readonly ConsumerObject[], chipTag: ChipTag): CardData => {
  const known = new Set(['4F', chipTag, ...FIELDS.map(({ tag }) => tag)]);
  const others = objects.filter(({ tag }) => !known.has(tag));
  const chip = objectsUnder(objects, chipTag);
  const fields = FIELDS.flatMap(({ tag, name, read }) => {
    const hex = hexUnder(objects, tag);
    return hex === undefined ? [] : [[name, read(hex)] as const];
  });
  return { ...Object.fromEntries(fields), ...(chip && { chip }), ...(others.length > 0 && { others }) };
};

/** The words of objects that `decodeConsumerCode` gave. Their order is lost: to write the same code again, keep the objects. */
export const consumerDetails = (objects: readonly ConsumerObject[]): ConsumerDetails => {
  const common = objectsUnder(objects, '62');
  const others = objects.filter(({ tag }) => tag !== '61' && tag !== '62');
  const applications = objects.flatMap((object) =>
    object.tag === '61' && 'objects' in object ? [object.objects] : [],
  );
  return {
    applications: applications.map((inside) => ({ aid: hexUnder(inside, '4F') ?? '', data: cardData(inside, '63') })),
    ...(common && { common: cardData(common, '64') }),
    ...(others.length > 0 && { others }),
  };
};

const primitive = (tag: string, hex: string | undefined): ConsumerObject[] =>
  hex === undefined ? [] : [{ tag, value: new Secret('payment-code', hex) }];

const cardObjects = (data: CardData, chipTag: ChipTag): ConsumerObject[] => [
  ...FIELDS.flatMap(({ tag, write }) => primitive(tag, write(data))),
  ...(data.chip ? [{ tag: chipTag, objects: data.chip }] : []),
  ...(data.others ?? []),
];

/** The objects for `encodeConsumerCode`: applications in their order of preference, what they have in common, the unknown last. */
export const consumerObjects = ({ applications, common, others }: ConsumerDetails): ConsumerObject[] => [
  ...applications.map(({ aid, data }) => ({
    tag: '61',
    objects: [...primitive('4F', aid), ...cardObjects(data, '63')],
  })),
  ...(common ? [{ tag: '62', objects: cardObjects(common, '64') }] : []),
  ...(others ?? []),
];
