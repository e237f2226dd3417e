import { concat } from '@zhanggui/bytes';
import {
  applicationCryptogram,
  arpc,
  arpcMethod2,
  arqc,
  type ChipValues,
  type CryptogramProfileName,
  cryptogramData,
  cryptogramProfileNames,
  emvCommonSessionKey,
  emvSessionKey,
  emvUdk,
  type IssuerAnswer,
  issuerAuthenticationData,
  mchipSessionKey,
  profileCardKey,
  sm4Arpc,
  sm4Arqc,
  sm4CardKey,
  sm4SessionKey,
  visaMessagingKey,
} from '@zhanggui/card-crypto';
import { decodeTlv, type Tlv } from '@zhanggui/tlv';
import { type Input, type Option, UsageError } from '../command.ts';
import { data, key, type Operation, pan, psn, type Result, required } from './operation.ts';

const atc: Option = { kind: 'hex', help: 'transaction counter, 2 bytes', ...required };
const cardKey: Option = { ...key, help: 'the card’s key, 16 bytes' };
const csu: Option = { kind: 'hex', help: 'card status update, 4 bytes, of method 2' };

const sessionKeys: Readonly<Record<string, (input: Input) => Uint8Array>> = {
  pboc: (input) => emvSessionKey({ udk: input.bytes('key'), atc: input.bytes('atc') }),
  common: (input) =>
    emvCommonSessionKey({ udk: input.bytes('key'), diversifier: concat(input.bytes('atc'), new Uint8Array(6)) }),
  mchip: (input) =>
    mchipSessionKey({
      udk: input.bytes('key'),
      atc: input.bytes('atc'),
      unpredictableNumber: input.bytes('unpredictable-number'),
    }),
  'pboc-sm4': (input) => sm4SessionKey({ udk: input.bytes('key'), atc: input.bytes('atc') }),
  'visa-messaging': (input) => visaMessagingKey({ udk: input.bytes('key'), atc: input.bytes('atc') }),
};

const cipher: Option = { kind: 'text', help: 'sm4 for PBOC’s algorithm 04', choices: ['des', 'sm4'], usual: 'des' };
const isSm4 = (input: Input): boolean => input.text('cipher') === 'sm4';

const cryptogramOf = (input: Input): Uint8Array => {
  const given = { sessionKey: input.bytes('key'), data: input.bytes('data') };
  return isSm4(input)
    ? sm4Arqc(given)
    : arqc({ ...given, padding: input.text('padding') === 'zeros' ? 'zeros' : '80' });
};

const cardKeyOf = (input: Input): Uint8Array => {
  const given = { mdk: input.bytes('key'), pan: input.text('pan'), psn: input.text('psn') };
  const option = input.text('option');
  return option === 'SM4' ? sm4CardKey(given) : emvUdk({ ...given, option: option === 'B' ? 'B' : 'A' });
};

const answerOf = (input: Input): IssuerAnswer => {
  if (!input.has('csu')) return { arc: new TextEncoder().encode(input.text('arc')) };
  return { csu: input.bytes('csu'), ...(input.has('own-data') ? { proprietaryData: input.bytes('own-data') } : {}) };
};

const issuerAnswer = (input: Input): Uint8Array => {
  const given = { sessionKey: input.bytes('key'), arqc: input.bytes('arqc') };
  const answer = answerOf(input);
  if ('csu' in answer) return arpcMethod2({ ...given, ...answer });
  return (isSm4(input) ? sm4Arpc : arpc)({ ...given, arc: input.text('arc') });
};

const profile: Option = {
  kind: 'text',
  help: 'scheme and cryptogram version number',
  choices: cryptogramProfileNames,
  ...required,
};

const profileOf = (input: Input): CryptogramProfileName => {
  const found = cryptogramProfileNames.find((name) => name === input.text('profile'));
  if (found === undefined) throw new UsageError('no such profile');
  return found;
};

const leaves = (objects: readonly Tlv[]): [string, Uint8Array][] =>
  objects.flatMap(({ tag, value, children }) => (children === undefined ? [[tag, value]] : leaves(children)));

const valuesOf = (input: Input): ChipValues => Object.fromEntries(leaves(decodeTlv(input.bytes('field55'))));

const cardOf = (input: Input) => {
  const name = profileOf(input);
  const udk = profileCardKey({
    profile: name,
    mdk: input.bytes('key'),
    pan: input.text('pan'),
    psn: input.text('psn'),
  });
  return { profile: name, udk, values: valuesOf(input) };
};

const checkCryptogram = (input: Input): Result => {
  const card = cardOf(input);
  const result = applicationCryptogram(card);
  const sent = card.values['9F26'];
  const answer = input.has('csu') || input.has('arc') ? { arqc: sent ?? result, answer: answerOf(input) } : undefined;
  return {
    result,
    ...(sent === undefined ? {} : { isSent: Buffer.compare(sent, result) === 0 }),
    covers: cryptogramData(card),
    ...(answer === undefined ? {} : { tag91: issuerAuthenticationData({ ...card, ...answer }) }),
  };
};

const exampleField55 =
  '9F02060000000012349F03060000000000009F1A020156950500000480005F2A02015691009A032611229C01009F370401020304820274009F360200079F100807010103A0000001';

export const chipOperations: readonly Operation[] = [
  {
    word: 'card-key',
    summary: 'a chip’s key from the issuer’s master key',
    options: {
      key: { ...key, help: 'issuer master key' },
      pan,
      psn,
      option: {
        kind: 'text',
        help: 'EMV option; they differ above 16 digits; SM4: PBOC’s under an SM4 key',
        choices: ['A', 'B', 'SM4'],
        usual: 'A',
      },
    },
    example: ['--key F0C34A8124CEE0A91A0B034AA97D6EAC --pan 6225000000000014', '379DC21574A00499584C0C3F1B7F2A0C'],
    calculate: cardKeyOf,
  },
  {
    word: 'session-key',
    summary: 'a chip’s key of one transaction',
    options: {
      key: cardKey,
      atc,
      method: { kind: 'text', help: 'whose way', choices: Object.keys(sessionKeys), usual: 'pboc' },
      'unpredictable-number': { kind: 'hex', help: '4 bytes, of mchip' },
    },
    example: ['--key 0D2E3CB0BC1F9E03AED58F663A2F9679 --atc 000E', 'C3D3F062E9992B4E923D338D66193526'],
    calculate: (input) => sessionKeys[input.text('method')]?.(input) ?? '',
  },
  {
    word: 'arqc',
    summary: 'application cryptogram under a session key',
    options: {
      key: { ...key, help: 'session key' },
      data,
      padding: { kind: 'text', help: 'zeros for Visa 10 and 17', choices: ['80', 'zeros'], usual: '80' },
      cipher,
    },
    example: [
      '--key C3D3F062E9992B4E923D338D66193526 --data 0000000012340000000000340156D86004A800015612051601010101017C00000E03A4B904',
      'F294D7022FA9B058',
    ],
    calculate: cryptogramOf,
  },
  {
    word: 'arpc',
    summary: 'the issuer’s answer: method 1, or method 2 when --csu is given',
    options: {
      key: { ...key, help: 'session key, or the card’s where the scheme says so' },
      arqc: { kind: 'hex', help: 'the cryptogram', ...required },
      arc: { kind: 'text', help: 'answer code, two characters', usual: '00' },
      csu,
      'own-data': { kind: 'hex', help: 'the issuer’s own, up to 8 bytes, of method 2' },
      cipher,
    },
    example: ['--key C3D3F062E9992B4E923D338D66193526 --arqc F294D7022FA9B058', '3846EEB4C8D34271'],
    calculate: issuerAnswer,
  },
  {
    word: 'cryptogram',
    summary: 'the cryptogram of a field 55, from the master key up, and its answer',
    options: {
      profile,
      key: { ...key, help: 'issuer master key' },
      pan,
      psn,
      field55: { kind: 'hex', help: 'the chip’s data; its 9F26 is compared', ...required },
      arc: { kind: 'text', help: 'answer code: also give tag 91 by method 1' },
      csu: { ...csu, help: 'card status update: also give tag 91 by method 2' },
      'own-data': { kind: 'hex', help: 'the issuer’s own, up to 8 bytes, of method 2' },
    },
    example: [
      `--profile pboc-01 --key F0C34A8124CEE0A91A0B034AA97D6EAC --pan 6225000000000014 --arc 00 --field55 ${exampleField55}`,
      'C1469A20F1AB9A98',
    ],
    calculate: checkCryptogram,
  },
];
