import {
  openIssuerScript,
  type ScriptSecurity,
  type ScriptStyle,
  sealIssuerScript,
  visPinBlock,
} from '@zhanggui/card-crypto';
import type { Input, Option } from '../command.ts';
import { key, numberOf, type Operation, pin, required } from './operation.ts';

const styles: readonly ScriptStyle[] = ['pboc', 'visa', 'mchip', 'common'];

const securityOptions = {
  style: { kind: 'text', help: 'whose way', choices: styles, usual: 'pboc' },
  'mac-key': { kind: 'hex', help: 'the card’s key for MACs', ...required },
  'encryption-key': { kind: 'hex', help: 'the card’s key for secrets' },
  atc: { kind: 'hex', help: 'transaction counter, 2 bytes', ...required },
  arqc: { kind: 'hex', help: 'the cryptogram of the transaction', ...required },
  'mac-bytes': { kind: 'digits', help: '4 to 8', usual: '8' },
} as const satisfies Record<string, Option>;

const securityOf = (input: Input): ScriptSecurity => ({
  style: styles.find((style) => style === input.text('style')) ?? 'pboc',
  udkMac: input.bytes('mac-key'),
  ...(input.has('encryption-key') ? { udkEncryption: input.bytes('encryption-key') } : {}),
  atc: input.bytes('atc'),
  arqc: input.bytes('arqc'),
  macBytes: numberOf(input, 'mac-bytes', { least: 4, most: 8 }),
});

const exampleSecurity =
  '--mac-key 0123456789ABCDEFFEDCBA9876543210 --encryption-key FEDCBA98765432100123456789ABCDEF --atc 0007 --arqc F294D7022FA9B058';

export const scriptOperations: readonly Operation[] = [
  {
    word: 'script-seal',
    summary: 'an issuer script command (tag 86) with its MAC, its data in clear or enciphered',
    options: {
      ...securityOptions,
      header: { kind: 'hex', help: 'CLA INS P1 P2', ...required },
      data: { kind: 'hex', help: 'what is sent in clear' },
      secret: { kind: 'hex', help: 'what is sent enciphered, instead' },
    },
    example: [
      `${exampleSecurity} --header 84240002 --secret 1122334455667788`,
      '84240002180226D7B78FEEE7723F863399610B0D319E9FD16D8D263AAB',
    ],
    calculate: (input) =>
      sealIssuerScript(securityOf(input), {
        header: input.bytes('header'),
        ...(input.has('secret') ? { secret: input.bytes('secret') } : {}),
        ...(input.has('data') ? { data: input.bytes('data') } : {}),
      }),
  },
  {
    word: 'script-open',
    summary: 'the card’s side: the data of a command, once its MAC is right',
    options: {
      ...securityOptions,
      command: { kind: 'hex', help: 'the command', ...required },
      secret: { kind: 'flag', help: 'its data is enciphered' },
    },
    example: [
      `${exampleSecurity} --secret --command 84240002180226D7B78FEEE7723F863399610B0D319E9FD16D8D263AAB`,
      '1122334455667788',
    ],
    calculate: (input) => openIssuerScript(securityOf(input), input.bytes('command'), input.has('secret')),
  },
  {
    word: 'script-pin-block',
    summary: 'the PIN block of a PIN change, Visa’s and PBOC’s way',
    options: {
      key: { ...key, help: 'the card’s key for cryptograms, 16 bytes' },
      pin,
      'current-pin': { kind: 'digits', help: 'the present PIN, where the command asks for it' },
    },
    example: ['--key 0123456789ABCDEFFEDCBA9876543210 --pin 1234', '041234FF76543210'],
    calculate: (input) =>
      visPinBlock({
        udk: input.bytes('key'),
        pin: input.text('pin'),
        ...(input.has('current-pin') ? { currentPin: input.text('current-pin') } : {}),
      }),
  },
];
