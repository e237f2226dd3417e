/** The certification authorities a terminal trusts, and by which family of keys the card was asked to prove itself. */
import { hex } from '@zhanggui/bytes';
import { cardDol } from './apdu.ts';
import type { CaPublicKey } from './parameters.ts';
import { type Session, text } from './session.ts';

/** What the terminal answers to tag DF69 (PBOC 3.0): whether it has an SM2 key of the application's scheme that is good today. */
export const trustsSm2 = (session: Session, applicationId: string): boolean =>
  session.input.terminal.capks.some(
    (row) => row.algorithm === 'sm2' && row.rid === applicationId.slice(0, 10) && isGood(session, row),
  );

/** The authority the card names. The algorithm is told even of one that is unknown or no longer good: what was agreed upon. */
export const authorityOf = (
  session: Session,
  index: Uint8Array | undefined,
): { algorithm: CaPublicKey['algorithm']; trusted: CaPublicKey | undefined } => {
  const rid = text(session, '9F06').slice(0, 10);
  const agreed = sm2WasAgreed(session) ? 'sm2' : 'rsa';
  const name = index && hex(index);
  const rows = session.input.terminal.capks.filter((row) => row.rid === rid && row.index === name);
  const row = rows.find(({ algorithm }) => algorithm === agreed) ?? rows[0];
  return { algorithm: row?.algorithm ?? agreed, trusted: row && isGood(session, row) ? row : undefined };
};

const isGood = (session: Session, row: CaPublicKey): boolean => row.expiry >= `20${session.input.date}`;

/** A card that asks for DF69 and hears 01 shows its SM2 certificates. */
const sm2WasAgreed = (session: Session): boolean => {
  const asked = cardDol(session.data.get('9F38') ?? new Uint8Array(), 'PDOL');
  return text(session, 'DF69') === '01' && asked.some(({ tag }) => tag === 'DF69');
};
