import { concat } from '@zhanggui/bytes';
import { arqc, emvSessionKey, emvUdk } from '@zhanggui/card-crypto';
import { type Hsm, type KeyUse, memoryKeyStore, openSoftHsm } from '@zhanggui/hsm';
import { report } from './figure.ts';

const pan = '6225000000000014';
const psn = '01';
const atc = Uint8Array.of(0, 14);
const posMessage = Uint8Array.from({ length: 260 }, (_, index) => index & 255);
const interchangeMessage = posMessage.subarray(0, 118);
const chipData = posMessage.subarray(0, 37);
const mdk = Uint8Array.from({ length: 16 }, (_, index) => 17 * index);

const keys: readonly (readonly [ref: string, use: KeyUse, bytes: number])[] = [
  ['tpk', 'tpk', 16],
  ['tak', 'tak', 8],
  ['acquirer.zpk', 'zpk', 16],
  ['acquirer.zak', 'zak', 16],
  ['issuer.zpk', 'zpk', 16],
  ['issuer.zak', 'zak', 16],
  ['pvk', 'pvk', 16],
  ['cvk', 'cvk', 16],
  ['hash', 'pan-hash', 32],
  ['data', 'data', 32],
];

type Operation = () => Promise<unknown>;

/** The commands of a chip sale with PIN, in the order the four roles give them. */
const operationsOf = async (hsm: Hsm): Promise<Readonly<Record<string, Operation>>> => {
  for (const [ref, use, bytes] of keys) await hsm.generateKey({ ref, use, bytes });
  await hsm.importComponents({ ref: 'mdk', use: 'mdk-ac', components: [mdk] });
  const block = await hsm.encryptPin({ key: 'tpk', pin: '123456', pan });
  const acquired = await hsm.translatePin({ from: 'tpk', to: 'acquirer.zpk', block, pan });
  const forwarded = await hsm.translatePin({ from: 'acquirer.zpk', to: 'issuer.zpk', block: acquired, pan });
  const offset = await hsm.makePinOffset({ pvk: 'pvk', pan, pin: '123456' });
  const sessionKey = emvSessionKey({ udk: emvUdk({ mdk, pan, psn }), atc });
  const chip = { mdk: 'mdk', pan, psn, atc, arqc: arqc({ sessionKey, data: chipData }) };
  const pos = { key: 'tak', algorithm: 'unionpay-ecb', data: posMessage } as const;
  const interchange = { key: 'acquirer.zak', algorithm: 'interchange', data: interchangeMessage } as const;
  const macs = { pos: await hsm.mac(pos), interchange: await hsm.mac(interchange) };
  return {
    encryptPin: () => hsm.encryptPin({ key: 'tpk', pin: '123456', pan }),
    translatePin: () => hsm.translatePin({ from: 'acquirer.zpk', to: 'issuer.zpk', block: acquired, pan }),
    verifyPin: () => hsm.verifyPin({ key: 'issuer.zpk', block: forwarded, pan, pvk: 'pvk', offset }),
    posMac: () => hsm.mac(pos),
    verifyPosMac: () => hsm.verifyMac({ ...pos, mac: macs.pos }),
    interchangeMac: () => hsm.mac(interchange),
    verifyInterchangeMac: () => hsm.verifyMac({ ...interchange, mac: macs.interchange }),
    verifyArqc: () => hsm.verifyArqc({ ...chip, data: chipData }),
    makeArpc: () => hsm.makeArpc({ ...chip, arc: '00' }),
    hashPan: () => hsm.hashPan({ key: 'hash', pan }),
    seal: () => hsm.seal({ key: 'data', data: concat(chipData.subarray(0, 16)) }),
  };
};

/** How often each command comes in one chip sale with PIN: terminal, acquirer, switch, issuer and back. */
const perAuthorisation: Readonly<Record<string, number>> = {
  encryptPin: 1,
  translatePin: 2,
  verifyPin: 1,
  posMac: 2,
  verifyPosMac: 2,
  interchangeMac: 4,
  verifyInterchangeMac: 4,
  verifyArqc: 1,
  makeArpc: 1,
  hashPan: 3,
  seal: 3,
};

const rounds = 50_000;

/** Microseconds one after the other: the best of five rounds after a warm-up, since only disturbance makes it slower. */
const microseconds = async (operation: Operation, count = rounds): Promise<number> => {
  let best = Number.POSITIVE_INFINITY;
  for (let repeat = 0; repeat < 6; repeat += 1) {
    const startedAt = process.hrtime.bigint();
    for (let round = 0; round < count; round += 1) await operation();
    const taken = Number(process.hrtime.bigint() - startedAt) / 1000 / count;
    if (repeat > 0) best = Math.min(best, taken);
  }
  return best;
};

export const benchHsm = async (): Promise<void> => {
  const hsm = openSoftHsm({ lmk: new Uint8Array(32).fill(1), store: memoryKeyStore() });
  const operations = await operationsOf(hsm);
  for (const [name, operation] of Object.entries(operations)) {
    const value = await microseconds(operation);
    report({ name: `hsm.${name}`, value: 1_000_000 / value, unit: 'operations/s', note: `${value.toFixed(2)} us` });
  }
  const script = Object.entries(perAuthorisation).flatMap(([name, count]) => {
    const operation = operations[name];
    return operation ? Array.from({ length: count }, () => operation) : [];
  });
  const authorise = async () => {
    for (const operation of script) await operation();
  };
  const value = await microseconds(authorise, rounds / 10);
  report({ name: 'hsm.authorisation', value, unit: 'us', note: `${script.length} commands, all four roles` });
};
