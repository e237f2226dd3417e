import type { Hsm } from '@zhanggui/hsm';
import { type CardStatus, defaultPolicy } from '@zhanggui/issuing';
import type { Pan } from '@zhanggui/secret';
import type { Store } from '@zhanggui/store';
import { businessDateAt, type Clock } from '@zhanggui/time';
import { issuerKeys } from './key-refs.ts';

type CardRoom = Readonly<{ store: Store; hsm: Hsm; clock: Clock }>;

export type CardOrder = Readonly<{
  pan: Pan;
  accountId: string;
  /** Card sequence number, two digits. */
  sequenceNumber: string;
  /** Last month of validity, YYMM. */
  expiry: string;
  serviceCode: string;
  /** The customer's PIN; only its offset is kept. */
  pin: string;
  status?: CardStatus;
}>;

export type CardView = Readonly<{
  maskedPan: string;
  accountId: string;
  expiry: string;
  status: CardStatus;
  lastAtc: number;
}>;

/** Issues a card: its PAN is kept sealed and by its keyed hash, its PIN as an offset. False when the PAN was issued before. */
export const issueCard = async ({ store, hsm, clock }: CardRoom, order: CardOrder): Promise<boolean> => {
  const digits = order.pan.reveal();
  const [panHash, sealedPan, offset] = await Promise.all([
    hsm.hashPan({ key: issuerKeys.panHash, pan: digits }),
    hsm.seal({ key: issuerKeys.panData, data: new TextEncoder().encode(digits) }),
    hsm.makePinOffset({ pvk: issuerKeys.pinVerification, pan: digits, pin: order.pin }),
  ]);
  const issued = await store.query(
    `insert into issuer.cards (pan_hash, sealed_pan, masked_pan, account_id, sequence_number, expiry, service_code, pin_offset,
                               status, pin_tries_left, pin_tries_on, last_atc, issued_at_ms)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12) on conflict do nothing returning account_id`,
    [
      panHash,
      sealedPan,
      order.pan.toString(),
      order.accountId,
      order.sequenceNumber,
      order.expiry,
      order.serviceCode,
      offset,
      order.status ?? 'active',
      defaultPolicy.pinTriesPerDay,
      businessDateAt(clock()),
      clock(),
    ],
  );
  return issued.length === 1;
};

/** Reports a card lost, blocks it, or makes it active again with all its PIN tries. False when there is no such card. */
export const setCardStatus = async (
  { store, hsm, clock }: CardRoom,
  { pan, status }: { pan: Pan; status: CardStatus },
): Promise<boolean> => {
  const panHash = await hsm.hashPan({ key: issuerKeys.panHash, pan: pan.reveal() });
  const changed = await store.query(
    'update issuer.cards set status = $2, pin_tries_left = $3, pin_tries_on = $4 where pan_hash = $1 returning account_id',
    [panHash, status, defaultPolicy.pinTriesPerDay, businessDateAt(clock())],
  );
  return changed.length === 1;
};

export const listCards = async (store: Store): Promise<CardView[]> => {
  const rows = await store.query<{
    masked_pan: string;
    account_id: string;
    expiry: string;
    status: CardStatus;
    last_atc: number;
  }>('select masked_pan, account_id, expiry, status, last_atc from issuer.cards order by account_id, masked_pan');
  return rows.map((row) => ({
    maskedPan: row.masked_pan,
    accountId: row.account_id,
    expiry: row.expiry,
    status: row.status,
    lastAtc: row.last_atc,
  }));
};
