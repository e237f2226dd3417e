import { randomBytes } from 'node:crypto';
import {
  type CardSession,
  cardReader,
  issueDeck,
  mintBank,
  mintSmBank,
  SANDBOX_CARDS,
  type SandboxBank,
  type SandboxCard,
} from '@zhanggui/bank';
import { fromHex } from '@zhanggui/bytes';
import { ensureKey, type Hsm, type KeyUse } from '@zhanggui/hsm';
import { freshState, type IccState } from '@zhanggui/icc';
import { type Issuer, issuerKeys } from '@zhanggui/issuer';
import { maskPan, pan } from '@zhanggui/secret';
import type { Migrations, Store } from '@zhanggui/store';
import { type Clock, isoFields, wallClock } from '@zhanggui/time';
import type { FundingCards } from '@zhanggui/wallets';

export const sandboxMigrations: Migrations = {
  schema: 'sandbox',
  directory: new URL('../migrations/sandbox/', import.meta.url),
};

/** The cards lying beside the terminals. */
export interface CardTray {
  cards(): Promise<readonly TrayCard[]>;
  /** The chip of a card, powered by a reader; undefined when there is no such card or it has no chip. */
  chip(cardId: string): Promise<CardSession | undefined>;
  stripe(cardId: string): Promise<string | undefined>;
  /** The cards as a wallet's holder has bound them (协议支付); none where another process is the issuer. */
  readonly bound: FundingCards | undefined;
}

type TrayCard = Readonly<{
  id: string;
  title: Readonly<{ zh: string; en: string }>;
  kind: 'debit' | 'credit';
  maskedPan: string;
  expiry: string;
  chip: boolean;
  pin: string;
  availableMinor?: bigint;
}>;

const sealRef = 'sandbox.data';
const text = new TextEncoder();

/** Whatever the sandbox must keep secret, as sealed JSON under a name. */
const openVault = async (store: Store, hsm: Hsm) => {
  await ensureKey(hsm, { ref: sealRef, use: 'data', bytes: 32 });
  const seal = (value: unknown) => hsm.seal({ key: sealRef, data: text.encode(JSON.stringify(value)) });
  const open = async <Value>(sealed: Uint8Array): Promise<Value> =>
    JSON.parse(new TextDecoder().decode(await hsm.open({ key: sealRef, data: sealed }))) as Value;
  return { store, seal, open };
};
type Vault = Awaited<ReturnType<typeof openVault>>;

const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes));

/** A bank minted before there were SM2 cards gets its keys for them now. */
const bankOf = async (vault: Vault): Promise<SandboxBank> => {
  const [row] = await vault.store.query<{ sealed: Uint8Array }>("select sealed from sandbox.vault where name = 'bank'");
  if (row) {
    const kept = await vault.open<Omit<SandboxBank, 'sm'> & Partial<SandboxBank>>(row.sealed);
    if (kept.sm) return { ...kept, sm: kept.sm };
    const grown = { ...kept, sm: mintSmBank(random) };
    await vault.store.query("update sandbox.vault set sealed = $1 where name = 'bank'", [await vault.seal(grown)]);
    return grown;
  }
  const bank = await mintBank({ random });
  await vault.store.query("insert into sandbox.vault (name, sealed) values ('bank', $1)", [await vault.seal(bank)]);
  return bank;
};

/** Minted whole or not at all; a card that the deck has got since is laid to those that are there. */
const deckOf = async (vault: Vault, bank: SandboxBank, clock: Clock): Promise<readonly SandboxCard[]> => {
  const rows = await vault.store.query<{ sealed: Uint8Array }>('select sealed from sandbox.cards order by position');
  const kept = await Promise.all(rows.map((row) => vault.open<SandboxCard>(row.sealed)));
  const isNew = ({ id }: { id: string }): boolean => kept.every((card) => card.id !== id);
  if (!SANDBOX_CARDS.some(({ key }) => isNew({ id: key }))) return kept;
  const deck = await issueDeck(bank, { today: isoFields(wallClock(clock())).yymmdd });
  await vault.store.transaction(async (tx) => {
    for (const [position, card] of deck.entries()) {
      if (!isNew(card)) continue;
      await tx.query('insert into sandbox.cards (card_id, position, sealed) values ($1, $2, $3)', [
        card.id,
        position,
        await vault.seal(card),
      ]);
    }
  });
  return deck.map((card) => kept.find(({ id }) => id === card.id) ?? card);
};

/** The bank's keys enter the issuer's security module as one component each: the ceremony of a bank that does not exist. */
export const bringKeys = async (bank: SandboxBank, hsm: Hsm): Promise<void> => {
  const own: readonly [ref: string, use: KeyUse, key: string][] = [
    [issuerKeys.pinVerification, 'pvk', bank.keys.pvk],
    [issuerKeys.cardVerification, 'cvk', bank.keys.cvk],
    [issuerKeys.cryptogram, 'mdk-ac', bank.keys.mdkAc],
  ];
  for (const [ref, use, key] of own) {
    if (!(await hsm.keyInfo(ref)))
      await hsm.importComponents({ ref, use, components: [fromHex(key), new Uint8Array(16)] });
  }
  await ensureKey(hsm, { ref: issuerKeys.panHash, use: 'pan-hash', bytes: 32 });
  await ensureKey(hsm, { ref: issuerKeys.panData, use: 'data', bytes: 32 });
};

const accountOf = (cardId: string): string => `sandbox-${cardId}`;

/** Opens the account and registers the card of every row of the deck; what is there already stays as it is. */
const openAccounts = async (issuer: Issuer, deck: readonly SandboxCard[]): Promise<void> => {
  for (const card of deck) {
    const row = SANDBOX_CARDS.find(({ key }) => key === card.id);
    if (!row) continue;
    const { kind, cardholder: holder, balanceMinor, creditLimitMinor } = row;
    await issuer.openAccount({ accountId: accountOf(card.id), kind, holder, balanceMinor, creditLimitMinor });
    await issuer.issueCard({
      pan: pan(card.pan),
      accountId: accountOf(card.id),
      sequenceNumber: card.psn,
      expiry: card.expiry,
      serviceCode: card.serviceCode,
      pin: row.pin,
      status: row.status,
    });
  }
};

const trayOf = (vault: Vault, deck: readonly SandboxCard[], issuer: Issuer | undefined): CardTray => {
  const find = (cardId: string) => deck.find(({ id }) => id === cardId);
  const cards = async (): Promise<TrayCard[]> => {
    const accounts = new Map(((await issuer?.accounts()) ?? []).map((account) => [account.accountId, account]));
    return deck.map((card) => ({
      id: card.id,
      title: card.label,
      kind: card.kind,
      maskedPan: maskPan(card.pan),
      expiry: card.expiry,
      chip: card.chip !== undefined,
      pin: SANDBOX_CARDS.find(({ key }) => key === card.id)?.pin ?? '',
      availableMinor: accounts.get(accountOf(card.id))?.availableMinor,
    }));
  };
  const chip = async (cardId: string): Promise<CardSession | undefined> => {
    const profile = find(cardId)?.chip;
    if (!profile) return undefined;
    const [row] = await vault.store.query<{ state: IccState | null }>(
      'select state from sandbox.cards where card_id = $1',
      [cardId],
    );
    const remember = async (state: IccState): Promise<void> => {
      await vault.store.query('update sandbox.cards set state = $2 where card_id = $1', [
        cardId,
        JSON.stringify(state),
      ]);
    };
    return cardReader(profile, row?.state ?? freshState(profile), remember);
  };
  return { cards, chip, stripe: async (cardId) => find(cardId)?.track2, bound: issuer && boundCards(deck, issuer) };
};

/** One for each answer a wallet can get from a bank: enough money, credit, too little, refused. */
const boundIds: readonly string[] = ['debit', 'credit', 'debit-poor', 'debit-lost'];

const boundCards = (deck: readonly SandboxCard[], issuer: Issuer): FundingCards => {
  const bound = deck.filter(({ id }) => boundIds.includes(id));
  type Movement = Parameters<FundingCards['debit']>[0];
  const move = async ({ cardId, id, amountMinor }: Movement, direction: 'debit' | 'credit') => {
    const card = bound.find((one) => one.id === cardId);
    if (!card) return { kind: 'refused', code: '14' } as const;
    return issuer.moveByAgreement({ id, amountMinor, direction, pan: pan(card.pan) });
  };
  return {
    cards: async () =>
      bound.map(({ id, label, pan: digits, kind }) => ({ id, title: label, maskedPan: maskPan(digits), kind })),
    debit: (movement) => move(movement, 'debit'),
    credit: (movement) => move(movement, 'credit'),
  };
};

/** The bank behind the sandbox: minted at the first start, the same ever after. */
export const openSandboxBank = async (store: Store, hsm: Hsm, clock: Clock) => {
  const vault = await openVault(store, hsm);
  const bank = await bankOf(vault);
  return {
    bank,
    /** Issues the deck to the issuer and lays it beside the terminals. */
    layOutCards: async (issuer: Issuer | undefined): Promise<CardTray> => {
      const deck = await deckOf(vault, bank, clock);
      if (issuer) await openAccounts(issuer, deck);
      return trayOf(vault, deck, issuer);
    },
  };
};
