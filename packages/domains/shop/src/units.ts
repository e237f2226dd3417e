import type { Bilingual } from '@zhanggui/basket';

/** What goods are counted or weighed in. Add a row to support a unit; imports accept the id or either name. */
export const units = {
  piece: { zh: '个', en: 'piece', weighed: false },
  bottle: { zh: '瓶', en: 'bottle', weighed: false },
  can: { zh: '罐', en: 'can', weighed: false },
  bag: { zh: '袋', en: 'bag', weighed: false },
  pack: { zh: '包', en: 'pack', weighed: false },
  box: { zh: '盒', en: 'box', weighed: false },
  case: { zh: '箱', en: 'case', weighed: false },
  tub: { zh: '桶', en: 'tub', weighed: false },
  cup: { zh: '杯', en: 'cup', weighed: false },
  tube: { zh: '支', en: 'tube', weighed: false },
  bar: { zh: '块', en: 'bar', weighed: false },
  roll: { zh: '卷', en: 'roll', weighed: false },
  pair: { zh: '双', en: 'pair', weighed: false },
  set: { zh: '套', en: 'set', weighed: false },
  strip: { zh: '条', en: 'strip', weighed: false },
  book: { zh: '本', en: 'book', weighed: false },
  kg: { zh: '千克', en: 'kg', weighed: true },
  jin: { zh: '斤', en: 'jin', weighed: true },
} as const satisfies Record<string, { zh: string; en: string; weighed: boolean }>;

export type UnitId = keyof typeof units;

const isUnitId = (id: string): id is UnitId => Object.hasOwn(units, id);

/** A unit by its id or by its name in either language. */
export const unitIdOf = (text: string): UnitId | undefined => {
  const ids = Object.keys(units).filter(isUnitId);
  return ids.find((id) => id === text || units[id].zh === text || units[id].en === text);
};

/** Stored ids outlive the table: an unknown one shows as itself, counted by the piece. */
export const unitOf = (id: string): { unit: { id: string; name: Bilingual }; weighed: boolean } => {
  const { zh, en, weighed } = isUnitId(id) ? units[id] : { zh: id, en: id, weighed: false };
  return { unit: { id, name: { zh, en } }, weighed };
};
