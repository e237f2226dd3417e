import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { fromHex } from '@zhanggui/bytes';
import { type Iso1987Fields, iso1987Binary } from '@zhanggui/iso8583';
import yardstick from '../../spec-vectors/codec-yardstick.json' with { type: 'json' };
import { report } from './figure.ts';

const { mti, fields: texts } = yardstick;
const chipData = fromHex(texts[55]);
const pinBlock = fromHex(texts[52]);
const mac = fromHex(texts[64]);

/** The sale as an application writes it down: every field by its number. */
const build = (): Iso1987Fields => ({
  2: texts[2],
  3: texts[3],
  4: texts[4],
  7: texts[7],
  11: texts[11],
  12: texts[12],
  13: texts[13],
  14: texts[14],
  18: texts[18],
  22: texts[22],
  23: texts[23],
  25: texts[25],
  32: texts[32],
  35: texts[35],
  37: texts[37],
  41: texts[41],
  42: texts[42],
  49: texts[49],
  52: pinBlock,
  55: chipData,
  64: mac,
});

/** The sale in bytes, 274 of them. */
export const yardstickBytes = (): Uint8Array => iso1987Binary.encode({ mti, fields: build() });

const bytes = yardstickBytes();

const operations = {
  encode: () => yardstickBytes(),
  decode: () => iso1987Binary.decode(bytes),
  read5() {
    const { fields } = iso1987Binary.decode(bytes);
    return [fields[2], fields[4], fields[11], fields[41], fields[55]];
  },
} as const;

const rounds = 200_000;

const asJson = JSON.stringify(yardstick);

/** Nothing of ours, measured beside each operation: how fast this machine is at this moment. */
const parseJson = (): unknown => JSON.parse(asJson);

/** Nanoseconds of processor an operation takes, collecting its garbage included. Not the clock's, so that a busy machine says the same. */
const nanosecondsOnce = (operation: () => unknown): number => {
  const startedAt = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) operation();
  const { user, system } = process.cpuUsage(startedAt);
  return (1000 * (user + system)) / rounds;
};

/** The best of several rounds after a warm-up, since only disturbance makes it slower, and the yardstick's between them. */
const measure = (operation: () => unknown): { own: number; json: number } => {
  const pairs = Array.from({ length: 8 }, () => [nanosecondsOnce(operation), nanosecondsOnce(parseJson)] as const);
  const best = (which: 0 | 1): number => Math.min(...pairs.slice(1).map((pair) => pair[which]));
  return { own: best(0), json: best(1) };
};

const collector = (): (() => void) => {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
};

/** Few enough that nothing is collected while they run. */
const allocationRounds = 200;

/** Bytes of heap an operation takes: the median of several rounds, each after a collection. */
const allocatedBytes = (operation: () => unknown, collect: () => void): number => {
  const samples = Array.from({ length: 9 }, () => {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let round = 0; round < allocationRounds; round += 1) operation();
    return (process.memoryUsage().heapUsed - before) / allocationRounds;
  });
  return samples.toSorted((left, right) => left - right)[4] ?? Number.NaN;
};

/** jPOS on the same kind of machine: 4.1 us to build and pack, 1.46 us to unpack, 1.58 us to unpack and read five fields. */
const jposNanoseconds = { encode: 4100, decode: 1460, read5: 1580 } as const;

export const benchCodec = async (): Promise<void> => {
  const collect = collector();
  for (const name of ['encode', 'decode', 'read5'] as const) {
    const { own: value, json } = measure(operations[name]);
    report({ name: `codec.${name}`, value, unit: 'ns' });
    report({ name: `codec.${name}.yardstick`, value: value / json, unit: 'x JSON.parse of the same sale' });
    report({ name: `codec.${name}.ratio`, value: jposNanoseconds[name] / value, unit: 'x jPOS' });
    report({ name: `codec.${name}.allocation`, value: allocatedBytes(operations[name], collect), unit: 'bytes' });
  }
};
