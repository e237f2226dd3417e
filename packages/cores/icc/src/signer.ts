/** The key a card proves itself with in this transaction, RSA or SM2, and what it makes with it. */
import { concat, fromHex } from '@zhanggui/bytes';
import {
  type SmSigner,
  signCombined,
  signDynamicData,
  signSmCombined,
  signSmDynamicData,
  sm2NumberFrom,
} from '@zhanggui/card-crypto';
import { type Context, dolValues } from './command.ts';
import type { IccApplication } from './profile.ts';

type Dynamic = Readonly<{ iccDynamicNumber: Uint8Array; terminalData: Uint8Array }>;
type Combined = Readonly<{
  iccDynamicNumber: Uint8Array;
  cryptogramInformation: number;
  cryptogram: Uint8Array;
  transactionData: Uint8Array;
  unpredictableNumber: Uint8Array;
}>;

/** Signed Dynamic Application Data (tag 9F4B) of INTERNAL AUTHENTICATE and of GENERATE AC. */
export type Signer = Readonly<{ dynamic: (order: Dynamic) => Uint8Array; combined: (order: Combined) => Uint8Array }>;

/** Whether the terminal, by the values it sent for the PDOL, is shown the SM2 side of a card that has one. */
export const speaksSm2 = ({ sm2, pdol = '' }: IccApplication, pdolData: Uint8Array): boolean =>
  sm2 !== undefined && dolValues(fromHex(pdol), pdolData).get('DF69')?.[0] === 1;

/** None: the card knows static data only. */
export const signerOf = ({ application, session }: Context): Signer | undefined => {
  const { sm2, iccKey } = application;
  if (sm2 && speaksSm2(application, fromHex(session.pdolData))) return sm2Signer(fromHex(sm2.iccKey));
  if (!iccKey) return undefined;
  return {
    dynamic: (order) => signDynamicData({ ...order, iccKey }),
    combined: (order) => signCombined({ ...order, iccKey }),
  };
};

/** The card has no noise for a nonce, so each is made of everything it is to sign. */
const sm2Signer = (privateKey: Uint8Array): Signer => {
  const signer = (...signed: readonly Uint8Array[]): SmSigner => ({
    privateKey,
    nonce: sm2NumberFrom({ secret: privateKey, data: concat(...signed) }),
  });
  return {
    dynamic: (order) =>
      signSmDynamicData({ ...order, icc: signer(Uint8Array.of(0), order.iccDynamicNumber, order.terminalData) }),
    combined: (order) => {
      const { cryptogramInformation, iccDynamicNumber, cryptogram, unpredictableNumber, transactionData } = order;
      const head = Uint8Array.of(1, cryptogramInformation);
      const icc = signer(head, iccDynamicNumber, cryptogram, unpredictableNumber, transactionData);
      return signSmCombined({ ...order, icc });
    },
  };
};
