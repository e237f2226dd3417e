/** What a bit, a code or a part of a value says. `place` counts bytes from 1 and bits from 8 down to 1, as EMV does. */
export type Meaning = { readonly place: string; readonly en: string; readonly zh: string };

/** Holds when the masked byte has the value. A single bit is a mask that is its own value. */
export type Rule = {
  readonly byte: number;
  readonly mask: number;
  readonly value: number;
  readonly en: string;
  readonly zh: string;
};

export const bit = (byte: number, number: number, en: string, zh: string): Rule => {
  const mask = 1 << (number - 1);
  return { byte, mask, value: mask, en, zh };
};

export const code = (byte: number, mask: number, value: number, en: string, zh: string): Rule => ({
  byte,
  mask,
  value,
  en,
  zh,
});

/** `byte 1 bit 8`, `byte 1 bits 8-7`, `byte 1` for the whole. */
const placeOf = (byte: number, mask: number): string => {
  if (mask === 0xff) return `byte ${byte}`;
  const highest = 32 - Math.clz32(mask);
  const lowest = 32 - Math.clz32(mask & -mask);
  return highest === lowest ? `byte ${byte} bit ${highest}` : `byte ${byte} bits ${highest}-${lowest}`;
};

const holds = ({ byte, mask, value: wanted }: Rule, value: Uint8Array): boolean => {
  const found = value[byte - 1];
  return found !== undefined && (found & mask) === wanted;
};

/** The rules that hold, in their order, then the set bits that none of them tells of. Bytes beyond the value are not asked. */
export const meaningsOf = (rules: readonly Rule[], value: Uint8Array): Meaning[] => {
  const holding = rules.filter((rule) => holds(rule, value));
  const known = holding.map(({ byte, mask, en, zh }) => ({ place: placeOf(byte, mask), en, zh }));
  return [...known, ...reservedBits(holding, value)];
};

const reservedBits = (holding: readonly Rule[], value: Uint8Array): Meaning[] =>
  [...value].flatMap((found, index) => {
    const byte = index + 1;
    const told = holding.filter((rule) => rule.byte === byte).reduce((mask, rule) => mask | rule.mask, 0);
    const rest = found & ~told & 0xff;
    return rest === 0 ? [] : [{ place: placeOf(byte, rest), en: 'Reserved, yet set', zh: '保留位被置位' }];
  });
