/** What the kernel asks of the terminal around it, what it is answered, and how a transaction ends. */
import type { Pan, Secret } from '@zhanggui/secret';
import type { KernelReason } from './reasons.ts';

export type Candidate = Readonly<{ aid: string; label: string }>;

export type KernelRequest =
  | Readonly<{ kind: 'apdu'; command: Uint8Array }>
  | Readonly<{ kind: 'select-application'; candidates: readonly Candidate[] }>
  | Readonly<{ kind: 'random'; bytes: number }>
  | Readonly<{ kind: 'online-pin'; pan: Pan }>
  | Readonly<{ kind: 'online'; data: OnlineData }>;

/** A card that is mute or gone answers an APDU with an empty `response`. The PIN block never passes through the kernel. */
export type KernelReply =
  | Readonly<{ kind: 'apdu'; response: Uint8Array }>
  | Readonly<{ kind: 'selected'; index: number }>
  | Readonly<{ kind: 'random'; bytes: Uint8Array }>
  | Readonly<{ kind: 'pin-entered' }>
  | Readonly<{ kind: 'pin-bypassed' }>
  | Readonly<{ kind: 'cancelled' }>
  | OnlineResult;

/** `arc` is field 39; `field55` the host's own field 55 (tags 91, 71, 72) when it sent one. */
export type OnlineResult =
  | Readonly<{ kind: 'online-result'; approved: boolean; arc: string; field55?: Uint8Array }>
  | Readonly<{ kind: 'online-unable' }>;

/** One step of the kernel: asks the terminal by yielding, returns what it found. */
export type Steps<Found> = Generator<KernelRequest, Found, KernelReply>;

export type CardholderMethod = 'online-pin' | 'signature' | 'none';

/** `psn` is two digits, `expiry` YYMM, `track2` text with '='. */
export type CardData = Readonly<{
  pan: Pan;
  psn: string | undefined;
  track2: Secret<'track'> | undefined;
  expiry: string;
  aid: string;
  label: string;
}>;

export type OnlineData = CardData & Readonly<{ field55: Uint8Array; arqc: string; tvr: string; cvm: CardholderMethod }>;

export type CryptogramType = 'AAC' | 'TC' | 'ARQC';

/** What slip and journal keep of the chip, as hexadecimal text; nothing of it is secret. */
export type ChipTags = Readonly<{
  aid: string;
  label: string;
  cryptogramType: CryptogramType | undefined;
  cryptogram: string;
  tvr: string;
  tsi: string;
  atc: string;
  cvmResults: string;
}>;

/** `reversalNeeded`: the host has approved, yet there is no sale. */
type Unsold = Readonly<{
  reason: KernelReason;
  reversalNeeded: boolean;
  field55ForReversal?: Uint8Array;
  tags: ChipTags;
  field55ForScriptNotice?: Uint8Array;
}>;

export type KernelOutcome =
  | Readonly<{
      kind: 'approved';
      online: boolean;
      cvm: CardholderMethod;
      tags: ChipTags;
      field55ForScriptNotice?: Uint8Array;
    }>
  | (Readonly<{ kind: 'declined' }> & Unsold)
  | (Readonly<{ kind: 'terminated' }> & Unsold)
  | Readonly<{ kind: 'fallback-to-stripe'; reason: KernelReason }>
  | Readonly<{ kind: 'card-read'; card: CardData }>;
