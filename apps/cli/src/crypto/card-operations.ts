import {
  arpc,
  arqc,
  cvv,
  dcvv,
  decryptTrack,
  emvSessionKey,
  emvUdk,
  encryptTrack,
  trackBlockOf,
} from '@zhanggui/card-crypto';
import { data, exampleKey, examplePan, key, type Operation, pan, psn, required } from './operation.ts';

const track2 = {
  kind: 'text',
  help: 'track 2 or 3 without sentinels, = or D between its parts',
  ...required,
} as const;
const trackText = (text: string): string => text.toUpperCase().replaceAll('D', '=');
const exampleTrack = '1234567890123456789=0508201781999168302';

export const cardOperations: readonly Operation[] = [
  {
    word: 'track-block',
    summary: 'the eight bytes of a track that UnionPay terminals encipher',
    options: { track2, key: { kind: 'hex', help: 'TDK: also give the track enciphered under it' } },
    example: [`--track2 ${exampleTrack}`, '0820178199916830'],
    calculate: (input) => {
      const track = trackText(input.text('track2'));
      const result = trackBlockOf(track);
      if (!input.has('key')) return result;
      const encrypted = encryptTrack(input.bytes('key'), track);
      return { result, encryptedBlock: trackBlockOf(encrypted), encryptedTrack: encrypted };
    },
  },
  {
    word: 'track-decrypt',
    summary: 'a track whose block is enciphered, in the clear',
    options: { track2, key },
    example: [`--track2 1234567890123456789=054CFC20=6F04568AC2 --key ${exampleKey}`, exampleTrack],
    calculate: (input) => decryptTrack(input.bytes('key'), trackText(input.text('track2'))),
  },
  {
    word: 'cvv',
    summary: 'card verification value; CVV2 with service code 000, iCVV with 999',
    options: {
      key,
      pan,
      expiry: { kind: 'digits', help: 'YYMM', ...required },
      'service-code': { kind: 'digits', help: 'three digits', ...required },
    },
    example: [`--key ${exampleKey} --pan ${examplePan} --expiry 3012 --service-code 220`, '187'],
    calculate: (input) =>
      cvv({
        key: input.bytes('key'),
        pan: input.text('pan'),
        expiry: input.text('expiry'),
        serviceCode: input.text('service-code'),
      }),
  },
  {
    word: 'dcvv',
    summary: 'dynamic card verification value of a contactless stripe',
    options: {
      key: { ...key, help: 'issuer master key for cryptograms' },
      pan,
      psn,
      expiry: { kind: 'digits', help: 'YYMM', ...required },
      'service-code': { kind: 'digits', help: 'three digits', ...required },
      counter: { kind: 'digits', help: 'transaction counter, four digits', ...required },
    },
    example: [`--key ${exampleKey} --pan ${examplePan} --expiry 3012 --service-code 220 --counter 0001`],
    calculate: (input) =>
      dcvv({
        mdk: input.bytes('key'),
        pan: input.text('pan'),
        psn: input.text('psn'),
        expiry: input.text('expiry'),
        serviceCode: input.text('service-code'),
        counter: input.text('counter'),
      }),
  },
  {
    word: 'card-key',
    summary: 'a card’s key from the issuer’s master key (EMV option A)',
    options: { key: { ...key, help: 'issuer master key' }, pan, psn },
    example: [`--key F0C34A8124CEE0A91A0B034AA97D6EAC --pan ${examplePan}`, '379DC21574A00499584C0C3F1B7F2A0C'],
    calculate: (input) => emvUdk({ mdk: input.bytes('key'), pan: input.text('pan'), psn: input.text('psn') }),
  },
  {
    word: 'session-key',
    summary: 'PBOC session key of one transaction',
    options: {
      key: { ...key, help: 'the card’s key' },
      atc: { kind: 'hex', help: 'transaction counter, 2 bytes', ...required },
    },
    example: ['--key 0D2E3CB0BC1F9E03AED58F663A2F9679 --atc 000E', 'C3D3F062E9992B4E923D338D66193526'],
    calculate: (input) => emvSessionKey({ udk: input.bytes('key'), atc: input.bytes('atc') }),
  },
  {
    word: 'arqc',
    summary: 'application cryptogram under a session key',
    options: { key: { ...key, help: 'session key' }, data },
    example: [
      '--key C3D3F062E9992B4E923D338D66193526 --data 0000000012340000000000340156D86004A800015612051601010101017C00000E03A4B904',
      'F294D7022FA9B058',
    ],
    calculate: (input) => arqc({ sessionKey: input.bytes('key'), data: input.bytes('data') }),
  },
  {
    word: 'arpc',
    summary: 'the issuer’s answer to a cryptogram, method 1',
    options: {
      key: { ...key, help: 'session key' },
      arqc: { kind: 'hex', help: 'the cryptogram', ...required },
      arc: { kind: 'text', help: 'answer code, two characters', usual: '00' },
    },
    example: ['--key C3D3F062E9992B4E923D338D66193526 --arqc F294D7022FA9B058', '3846EEB4C8D34271'],
    calculate: (input) => arpc({ sessionKey: input.bytes('key'), arqc: input.bytes('arqc'), arc: input.text('arc') }),
  },
];
