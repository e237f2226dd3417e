import { cvv, dcvv, decryptTrack, encryptTrack, trackBlockOf } from '@zhanggui/card-crypto';
import { exampleKey, examplePan, key, type Operation, pan, psn, required } from './operation.ts';

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
    example: [`--key ${exampleKey} --pan ${examplePan} --expiry 3012 --service-code 220 --counter 0001`, '247'],
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
];
