import { pinyin } from 'pinyin-pro';

/** What a cashier types to find goods: first letters of the pinyin, Latin letters and digits as they are: 可口可乐 330ml is `kkkl330ml`. */
export const initialsOf = (name: string): string =>
  pinyin(name, { pattern: 'first', toneType: 'none', separator: '', nonZh: 'consecutive' })
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
