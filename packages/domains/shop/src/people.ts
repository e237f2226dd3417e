import { createHash } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import type { Bilingual } from '@zhanggui/basket';
import type { Queryable } from '@zhanggui/store';
import { afterAttempt, isLocked } from './attempts.ts';
import type { ShopContext } from './context.ts';

export type Role = 'cashier' | 'manager' | 'owner';
export type Staff = Readonly<{ id: string; number: string; name: Bilingual; role: Role }>;
export type Right = 'sell' | 'discount' | 'override-price' | 'close-shift' | 'cash-move' | 'office';

/** What each role may do; nothing else grants anything. */
export const rightsOf = {
  cashier: ['sell', 'discount', 'close-shift'],
  manager: ['sell', 'discount', 'override-price', 'close-shift', 'cash-move', 'office'],
  owner: ['sell', 'discount', 'override-price', 'close-shift', 'cash-move', 'office'],
} as const satisfies Record<Role, readonly Right[]>;

export const mayDo = (role: Role, right: Right): boolean => (rightsOf[role] as readonly Right[]).includes(right);

/** Somebody signed in at a face. */
export type Session = Readonly<{ face: 'till'; staff: Staff; tillId: string } | { face: 'office'; staff: Staff }>;
export type Face = Session['face'];

/** `token` is shown once, to be kept by the browser; the shop stores only its hash. */
export type SignInOutcome =
  | Readonly<{ kind: 'signed-in'; token: string; session: Session }>
  | Readonly<{ kind: 'refused'; reason: 'wrong' | 'not-allowed' }>
  | Readonly<{ kind: 'refused'; reason: 'locked'; lockedUntil: number }>;

/** A working day with its overtime, then an office day. */
export const sessionMs = { till: 16 * 3_600_000, office: 12 * 3_600_000 } as const satisfies Record<Face, number>;

/** Who works here, and who is signed in where. */
export const createPeople = (context: ShopContext) => ({
  signInAtTill: (claim: { tillId: string; staffNumber: string; pin: string }) => signInAtTill(context, claim),
  signInAtOffice: (claim: { username: string; password: string }) => signInAtOffice(context, claim),
  session: (face: Face, token: string) => findSession(context, face, token),
  signOut: (token: string) => signOut(context, token),
});

/** argon2id with the library's defaults (19 MiB, two passes), as OWASP's password storage page asks at least. */
export const hashSecret = (secret: string): Promise<string> => hash(secret);

type StaffRow = { staff_id: string; number: string; name_zh: string; name_en: string; role: Role };
type Credentials = StaffRow & {
  pin_hash: string;
  password_hash: string | null;
  failed_attempts: number;
  locked_until: bigint;
};

const staffOf = (row: StaffRow): Staff => ({
  id: row.staff_id,
  number: row.number,
  name: { zh: row.name_zh, en: row.name_en },
  role: row.role,
});

const signInAtTill = (context: ShopContext, claim: { tillId: string; staffNumber: string; pin: string }) =>
  context.store.transaction(async (tx): Promise<SignInOutcome> => {
    const tills = await tx.query('select from shop.tills where merchant_id = $1 and till_id = $2', [
      context.merchantId,
      claim.tillId,
    ]);
    const row = await lockedStaff(tx, context, 'number', claim.staffNumber);
    const refusal = await tryGuess(tx, context, row, row?.pin_hash, claim.pin);
    if (refusal) return refusal;
    if (!row || tills.length === 0) return { kind: 'refused', reason: 'wrong' };
    return openSession(tx, context, { face: 'till', staff: staffOf(row), tillId: claim.tillId });
  });

const signInAtOffice = (context: ShopContext, claim: { username: string; password: string }) =>
  context.store.transaction(async (tx): Promise<SignInOutcome> => {
    const row = await lockedStaff(tx, context, 'username', claim.username);
    const refusal = await tryGuess(tx, context, row, row?.password_hash, claim.password);
    if (refusal) return refusal;
    if (!row || !mayDo(row.role, 'office')) return { kind: 'refused', reason: 'not-allowed' };
    return openSession(tx, context, { face: 'office', staff: staffOf(row) });
  });

/** Locks the row, so that guesses at one person's secret are counted one after another. */
const lockedStaff = async (
  tx: Queryable,
  { merchantId }: ShopContext,
  column: 'number' | 'username',
  value: string,
): Promise<Credentials | undefined> => {
  const [row] = await tx.query<Credentials>(
    `select * from shop.staff where merchant_id = $1 and ${column} = $2 for update`,
    [merchantId, value],
  );
  return row;
};

/** Checks a guess and writes down how it went; undefined means it was right. */
const tryGuess = async (
  tx: Queryable,
  { merchantId, clock }: ShopContext,
  row: Credentials | undefined,
  storedHash: string | null | undefined,
  secret: string,
): Promise<Extract<SignInOutcome, { kind: 'refused' }> | undefined> => {
  const now = clock();
  const attempts = { failedCount: row?.failed_attempts ?? 0, lockedUntil: Number(row?.locked_until ?? 0) };
  if (isLocked(attempts, now)) return { kind: 'refused', reason: 'locked', lockedUntil: attempts.lockedUntil };
  // Somebody who is not there takes as long to refuse as somebody who is.
  const isRight = await verify(storedHash ?? nobody, secret);
  const after = afterAttempt(attempts, isRight && Boolean(storedHash), now);
  await tx.query(
    'update shop.staff set failed_attempts = $3, locked_until = $4 where merchant_id = $1 and staff_id = $2',
    [merchantId, row?.staff_id ?? '', after.failedCount, after.lockedUntil],
  );
  if (after.lockedUntil > 0) return { kind: 'refused', reason: 'locked', lockedUntil: after.lockedUntil };
  return isRight && storedHash ? undefined : { kind: 'refused', reason: 'wrong' };
};

/** The hash of random bytes nobody kept. */
const nobody = '$argon2id$v=19$m=19456,t=2,p=1$FG87gvqKfKXeMUO8LJGcqw$fNYWgvYHrZkTqUU4UkwoXGVMxZ2WRoM8D7MNgCOi4uE';

const tokenHash = (token: string): Buffer => createHash('sha256').update(token).digest();

const openSession = async (tx: Queryable, context: ShopContext, session: Session): Promise<SignInOutcome> => {
  const { merchantId, clock, random } = context;
  const token = Buffer.from(random(32)).toString('base64url');
  const now = clock();
  await tx.query('delete from shop.sessions where merchant_id = $1 and expires_at <= $2', [merchantId, now]);
  // Two browsers at one till would give the same receipt number twice: the later sign-in ends the earlier one.
  if (session.face === 'till')
    await tx.query('delete from shop.sessions where merchant_id = $1 and till_id = $2', [merchantId, session.tillId]);
  await tx.query(
    'insert into shop.sessions (merchant_id, token_hash, face, staff_id, till_id, expires_at) values ($1, $2, $3, $4, $5, $6)',
    [
      merchantId,
      tokenHash(token),
      session.face,
      session.staff.id,
      session.face === 'till' ? session.tillId : null,
      now + sessionMs[session.face],
    ],
  );
  return { kind: 'signed-in', token, session };
};

const findSession = async (context: ShopContext, face: Face, token: string): Promise<Session | undefined> => {
  const [row] = await context.store.query<StaffRow & { till_id: string | null }>(
    `select session.till_id, staff.* from shop.sessions session join shop.staff staff using (merchant_id, staff_id)
     where merchant_id = $1 and token_hash = $2 and face = $3 and expires_at > $4`,
    [context.merchantId, tokenHash(token), face, context.clock()],
  );
  if (!row) return undefined;
  const staff = staffOf(row);
  return face === 'till' ? { face, staff, tillId: row.till_id ?? '' } : { face, staff };
};

const signOut = async ({ store, merchantId }: ShopContext, token: string): Promise<void> => {
  await store.query('delete from shop.sessions where merchant_id = $1 and token_hash = $2', [
    merchantId,
    tokenHash(token),
  ]);
};
