import { readScan } from '@zhanggui/paycode';
import type { TransactionRow } from './journal-rows.ts';
import { ask, type Desk, type Job } from './program.ts';
import type { CardData } from './request.ts';
import { screens, showOurs } from './screens.ts';
import { type Text, texts } from './texts.ts';

/** How long the terminal waits for a card, a PIN or a key. */
export const promptMsDefault = 60_000;

/** A code that a customer's phone shows to pay, as against the barcode of goods or somebody's address. */
export const isPaymentCode = (text: string): boolean =>
  ['payment-code', 'face-token', 'consumer-code'].includes(readScan(text).kind);

const phoneInputs = ['scanned', 'chosen'] as const;

export type PresentedCard =
  | Readonly<{ kind: 'chip' }>
  | Readonly<{ kind: 'stripe'; card: CardData }>
  /** The customer pays by phone instead: a payment code was scanned, or ours is wanted. */
  | Readonly<{ kind: 'phone'; code?: string }>
  | Readonly<{ kind: 'none'; why: 'cancelled' | 'timeout' }>;

/**
 * Asks for a card until one is usable: a chip in the slot, or a stripe. A stripe that says the card has a chip is sent
 * back to the slot, unless that chip has just failed (fallback). Where phones are taken, a payment code is as good as a card.
 */
export function* presentCard(
  desk: Desk,
  row: TransactionRow,
  opening: { prompt: Text; fallback: boolean; takesPhones: boolean },
): Job<PresentedCard> {
  let prompt = opening.prompt;
  let detail: Text | undefined;
  for (;;) {
    if (!opening.fallback && (yield* ask('slot', undefined))) return { kind: 'chip' };
    const input = yield* ask('wait', {
      screen: screens.presentCard(row, prompt, { detail, other: opening.takesPhones ? showOurs : undefined }),
      for: ['inserted', 'swiped', 'key', 'cancel-requested', ...(opening.takesPhones ? phoneInputs : [])],
      timeoutMs: desk.parameters.promptMs ?? promptMsDefault,
    });
    if (input.kind === 'timeout') return { kind: 'none', why: 'timeout' };
    if (input.kind === 'cancel-requested') return { kind: 'none', why: 'cancelled' };
    if (input.kind === 'key' && input.key === 'cancel') return { kind: 'none', why: 'cancelled' };
    if (input.kind === 'inserted') return { kind: 'chip' };
    if (input.kind === 'scanned' && isPaymentCode(input.text)) return { kind: 'phone', code: input.text };
    const wantsOurs = input.kind === 'chosen' || (input.kind === 'key' && input.key === 'menu');
    if (wantsOurs && opening.takesPhones) return { kind: 'phone' };
    if (input.kind === 'scanned') detail = texts.qrCodeUnknown;
    if (input.kind !== 'swiped') continue;
    const card = stripeCard(input.track2, opening.fallback);
    if (card && (opening.fallback || !hasChip(input.track2))) return { kind: 'stripe', card };
    prompt = card ? texts.insertCard : texts.cardUnreadable;
    detail = card ? undefined : opening.prompt;
  }
}

const track2Pattern = /^(\d{12,19})=(\d{4})(\d{3})\d*$/;

/** The card on a stripe (ISO/IEC 7813 track 2, no sentinels); undefined when it is not one. */
const stripeCard = (track2: string, fallback = false): CardData | undefined => {
  const [, pan, expiry] = track2Pattern.exec(track2) ?? [];
  if (pan === undefined || expiry === undefined) return undefined;
  return { entryMode: 'swipe', pan, track2, expiry, fallback };
};

/** Service code 2xx or 6xx: the card carries a chip and the chip should be used. */
const hasChip = (track2: string): boolean => /^[26]/.test(track2Pattern.exec(track2)?.[3] ?? '');
