/** What a terminal is told once and the kernel reads: who it is, which applications it takes, whose keys it trusts. */
import { ascii, concat, hex } from '@zhanggui/bytes';
import { decodeTlv, findTag } from '@zhanggui/tlv';
import type { SignerKey } from './signer-key.ts';

/** Codes are digits (country and currency '156') or hexadecimal text as in the tag; `serial` is 8 characters. */
export type TerminalParameters = Readonly<{
  countryCode: string;
  currencyCode: string;
  /** 9F35: '22' is attended, offline with online capability, merchant-owned. */
  terminalType: string;
  /** 9F33 */
  capabilities: string;
  /** 9F40 */
  additionalCapabilities: string;
  /** 9F1E */
  serial: string;
  aids: readonly AidParameters[];
  capks: readonly CaPublicKey[];
}>;

/** Action codes are five bytes of hexadecimal text in the layout of the TVR. */
export type AidParameters = Readonly<{
  aid: string;
  /** A card application whose name only begins with `aid` matches too. */
  partialMatch: boolean;
  version: string;
  tacDefault: string;
  tacOnline: string;
  tacDenial: string;
  floorLimitMinor: bigint;
  randomThresholdMinor: bigint;
  randomTargetPercent: number;
  randomTargetPercentMax: number;
  defaultDdol: string;
}>;

/** `rid` and `index` are hexadecimal text; `expiry` YYYYMMDD, after which the key counts as not there. */
export type CaPublicKey = Readonly<{ rid: string; index: string; expiry: string }> & SignerKey;

/** A terminal parameter that was sent is incomplete: the tag that is missing. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';
  readonly tag: string;

  constructor(tag: string) {
    super(`the parameter has no tag ${tag}`);
    this.tag = tag;
  }
}

/** Application parameters as the centre sends them (F62 of 0800 60.3=380). Throws `TlvError`, `ParameterError`. */
export const aidParameters = (download: Uint8Array): AidParameters => {
  const value = requiredTag(download);
  const amount = (tag: string): bigint => BigInt(`0x0${hex(value(tag))}`);
  return {
    aid: hex(value('9F06')),
    partialMatch: hex(value('DF01')) === '00',
    version: hex(value('9F08')),
    tacDefault: hex(value('DF11')),
    tacOnline: hex(value('DF12')),
    tacDenial: hex(value('DF13')),
    floorLimitMinor: amount('9F1B'),
    randomThresholdMinor: amount('DF15'),
    randomTargetPercent: Number(hex(value('DF17'))),
    randomTargetPercentMax: Number(hex(value('DF16'))),
    defaultDdol: hex(value('DF14')),
  };
};

/**
 * A CA key as the centre sends it (F62 of 0800 60.3=370); `expiry` is YYYYMMDD. With algorithm (DF07) 04 the key (DF02) is a
 * point of SM2, with or without its 04 in front, and there is no exponent. Throws `TlvError`, `ParameterError`.
 */
export const caPublicKey = (download: Uint8Array): CaPublicKey => {
  const value = requiredTag(download);
  const expiry = value('DF05');
  return {
    rid: hex(value('9F06')),
    index: hex(value('9F22')),
    expiry: expiry.length === 4 ? hex(expiry) : ascii(expiry),
    ...signerKey(value, findTag(decodeTlv(download), 'DF07')?.[0]),
  };
};

const sm2Algorithm = 0x04;
const pointBytes = 64;

const signerKey = (value: (tag: string) => Uint8Array, algorithm: number | undefined): SignerKey => {
  const key = value('DF02').slice();
  if (algorithm !== sm2Algorithm) return { algorithm: 'rsa', key: { modulus: key, exponent: value('DF04').slice() } };
  return { algorithm: 'sm2', key: key.length === pointBytes ? concat(Uint8Array.of(0x04), key) : key };
};

const requiredTag = (download: Uint8Array): ((tag: string) => Uint8Array) => {
  const objects = decodeTlv(download);
  return (tag) => {
    const value = findTag(objects, tag);
    if (!value) throw new ParameterError(tag);
    return value;
  };
};
