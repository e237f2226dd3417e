import { CryptoError } from './crypto-error.ts';

/** One optional block of a header, its data as the characters that stand there. */
export type KeyBlockOption = Readonly<{ id: string; data: string }>;

/**
 * What a key block says about its key (ANSI X9.143 §6): `usage` such as P0 (PIN encryption) or K0, `algorithm` T, A, D, H,
 * `modeOfUse` E, D, B, N…, `keyVersion` two characters, `exportability` E, N or S, `context` 0 to 2. All optional blocks are kept, in
 * their order, the padding block PB with them.
 */
export type KeyBlockHeader = Readonly<{
  version: 'A' | 'B' | 'C' | 'D' | 'E';
  usage: string;
  algorithm: string;
  modeOfUse: string;
  keyVersion: string;
  exportability: string;
  context?: string;
  options?: readonly KeyBlockOption[];
}>;

const headerBytesMin = 16;
const isVersion = (letter: string): letter is KeyBlockHeader['version'] => /^[A-E]$/.test(letter);
const printable = /^[ -~]*$/;

/** What the options of each version are filled up to with a block PB: the size of a cipher's block. */
const optionsUnit = { A: 8, B: 8, C: 8, D: 16, E: 16 } as const;

const demandForm = (holds: boolean): void => {
  if (!holds) throw new CryptoError('key-block-format');
};

/** The header's characters; `sealedChars` are those that follow it. Throws `key-block-format`. */
export const encodeHeader = (header: KeyBlockHeader, sealedChars: number): string => {
  const { version, usage, algorithm, modeOfUse, keyVersion, exportability, context = '0' } = header;
  const fixed = usage + algorithm + modeOfUse + keyVersion + exportability;
  demandForm(
    isVersion(version) && /^[0-9A-Z]{3}[0-9A-Za-z][0-9A-Za-z]{2}[A-Z]$/.test(fixed) && /^[0-2]$/.test(context),
  );
  demandForm([usage.length, algorithm.length, modeOfUse.length, keyVersion.length].join('') === '2112');
  const options = withPadding(header.options ?? [], optionsUnit[version]);
  const text = options.map(encodeOption).join('');
  const length = headerBytesMin + text.length + sealedChars;
  demandForm(length <= 9999 && options.length <= 99);
  return `${version}${String(length).padStart(4, '0')}${fixed}${String(options.length).padStart(2, '0')}${context}0${text}`;
};

/** The header at the front of a block whose length it must name rightly. Throws `key-block-format`. */
export const readHeader = (block: string): { header: KeyBlockHeader; headerText: string } => {
  const version = block.charAt(0);
  demandForm(block.length > headerBytesMin && printable.test(block) && /^.\d{4}.{7}\d\d[0-2]0/.test(block));
  if (!isVersion(version)) throw new CryptoError('key-block-format');
  demandForm(Number(block.slice(1, 5)) === block.length);
  const options: KeyBlockOption[] = [];
  let at = headerBytesMin;
  for (let count = Number(block.slice(12, 14)); count > 0; count -= 1) {
    const { option, end } = readOption(block, at);
    options.push(option);
    at = end;
  }
  const header = {
    version,
    usage: block.slice(5, 7),
    algorithm: block.charAt(7),
    modeOfUse: block.charAt(8),
    keyVersion: block.slice(9, 11),
    exportability: block.charAt(11),
    context: block.charAt(14),
    options,
  };
  return { header, headerText: block.slice(0, at) };
};

/** Two hexadecimal digits of length, or 00, how many digits follow (two or four as `02`, `04`…), and those. */
const readOption = (block: string, at: number): { option: KeyBlockOption; end: number } => {
  const id = block.slice(at, at + 2);
  const short = block.slice(at + 2, at + 4);
  demandForm(/^[0-9A-Z]{2}$/.test(id) && /^[0-9A-F]{2}$/.test(short));
  if (short !== '00') return cutOption(block, { id, at, from: at + 4, length: Number.parseInt(short, 16) });
  const lengthChars = 2 * Number.parseInt(block.slice(at + 4, at + 6), 16);
  const from = at + 6 + lengthChars;
  const digits = block.slice(at + 6, from);
  demandForm(digits.length === lengthChars && /^[0-9A-F]{2,8}$/.test(digits));
  return cutOption(block, { id, at, from, length: Number.parseInt(digits, 16) });
};

const cutOption = (
  block: string,
  { id, at, from, length }: { id: string; at: number; from: number; length: number },
): { option: KeyBlockOption; end: number } => {
  const end = at + length;
  demandForm(end >= from && end <= block.length);
  return { option: { id, data: block.slice(from, end) }, end };
};

const shortOptionMax = 0xff;

const encodeOption = ({ id, data }: KeyBlockOption): string => {
  demandForm(/^[0-9A-Z]{2}$/.test(id) && printable.test(data));
  const length = 4 + data.length;
  if (length <= shortOptionMax) return id + hexOf(length, 2) + data;
  return `${id}0002${hexOf(10 + data.length, 4)}${data}`;
};

const hexOf = (value: number, digits: number): string => value.toString(16).toUpperCase().padStart(digits, '0');

/** A block PB of zeros behind options that do not fill whole cipher blocks; one that is there already is kept. */
const withPadding = (options: readonly KeyBlockOption[], unit: 8 | 16): readonly KeyBlockOption[] => {
  const chars = options.map(encodeOption).join('').length;
  if (chars % unit === 0) return options;
  const missing = unit - (chars % unit);
  return [...options, { id: 'PB', data: '0'.repeat(missing < 4 ? missing + unit - 4 : missing - 4) }];
};
