/** What a card is made with and what it remembers. Both are plain JSON: bytes are hexadecimal text. */
import type { RsaPrivateKey } from '@zhanggui/card-crypto';

export type IccProfile = Readonly<{
  /** No bank issued this card: its keys are test keys, and it pays with nobody's money. */
  sandbox: true;
  /** Answer to reset (ISO/IEC 7816-3). */
  atr: string;
  applications: readonly IccApplication[];
}>;

export type IccApplication = Readonly<{
  aid: string;
  label: string;
  /** 1 is the card's first wish. */
  priority: number;
  pdol?: string;
  aip: string;
  afl: string;
  /** Whole records, template 70 included, by `'<sfi>.<record>'`. CDOL1, CDOL2 and DDOL are read from here. */
  records: Readonly<Record<string, string>>;
  /** Tag 9F10, byte 2: which of the issuer's master keys. */
  keyIndex: string;
  /** Card keys, 16 bytes: cryptograms, and the messages of issuer scripts. */
  udkAc: string;
  udkMac: string;
  /** Signs dynamic data; a card without one knows static data only. */
  iccKey?: RsaPrivateKey;
  /**
   * The SM2 side (PBOC 3.0 part 17) of a card that has one: where its certificates are, and the number it signs with. It is
   * shown to a terminal that answers 01 to tag DF69 of the PDOL; the RSA side above to any other.
   */
  sm2?: Readonly<{ afl: string; iccKey: string }>;
  /** Whether an approval without the issuer's proof is refused. */
  issuerAuthentication: 'mandatory' | 'optional';
  /** Largest amount the card pays without asking its issuer, minor units as digits; '0' always asks. */
  offlineCeilingMinor: string;
  /** Checked by VERIFY; a card without one refuses the command. */
  offlinePin?: string;
  pinTriesMax: number;
}>;

/** Survives power-off. */
export type Memory = Readonly<{
  atc: number;
  lastOnlineAtc: number;
  pinTriesLeft: number;
  blocked: boolean;
  /** What the next transaction tells the issuer of the last one, in its CVR. */
  last: Readonly<{
    onlineUnfinished: boolean;
    issuerAuthentication: IssuerAuthentication;
    wentOnline: boolean;
    scripts: number;
    scriptFailed: boolean;
  }>;
}>;

export type IssuerAuthentication = 'not-performed' | 'passed' | 'failed';

/** Lost at power-off. `selected` is an AID, or the payment directory. */
export type Session = Readonly<{
  selected: string;
  stage: 'selected' | 'initiated' | 'awaiting-issuer' | 'finished';
  pdolData: string;
  cdol1Data: string;
  arqc: string;
  issuerAuthentication: IssuerAuthentication;
  offlinePin: 'not-performed' | 'passed' | 'failed';
  scripts: number;
  scriptFailed: boolean;
  challenges: number;
}>;

export type IccState = Readonly<{
  cardBlocked: boolean;
  memories: Readonly<Record<string, Memory>>;
  session: Session | undefined;
}>;

/** A card as it leaves the factory. */
export const freshState = (profile: IccProfile): IccState => ({
  cardBlocked: false,
  memories: Object.fromEntries(profile.applications.map(({ aid, pinTriesMax }) => [aid, freshMemory(pinTriesMax)])),
  session: undefined,
});

const freshMemory = (pinTriesLeft: number): Memory => ({
  atc: 0,
  lastOnlineAtc: 0,
  pinTriesLeft,
  blocked: false,
  last: {
    onlineUnfinished: false,
    issuerAuthentication: 'not-performed',
    wentOnline: false,
    scripts: 0,
    scriptFailed: false,
  },
});

export const freshSession = (selected: string): Session => ({
  selected,
  stage: 'selected',
  pdolData: '',
  cdol1Data: '',
  arqc: '',
  issuerAuthentication: 'not-performed',
  offlinePin: 'not-performed',
  scripts: 0,
  scriptFailed: false,
  challenges: 0,
});
