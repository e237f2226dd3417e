import type { SaleStatusView, TillSession, ZReport } from '@zhanggui/api/contract';
import type { Bilingual } from '@zhanggui/basket';
import type { Reply, ShopPort, TerminalPort, TillPorts } from '../ports.ts';
import { demoCatalogue } from './demo-goods.ts';
import { demoWallets } from './wire-demo-wallets.ts';

/** How the pretended terminal ends; the address of the page chooses: `#card=unknown`. */
export type DemoCard = 'approve' | 'decline' | 'unknown' | 'wait' | 'reverse';
/** How the pretended customer's phone ends: `#phone=password`. */
export type DemoPhone = 'pay' | 'password' | 'refuse' | 'unknown' | 'wait' | 'reverse';
export type DemoMood = Readonly<{ offline: boolean; card: DemoCard; phone: DemoPhone }>;

const session: TillSession = {
  staff: { id: 'zhangmin', number: '1001', name: { zh: '张敏', en: 'Zhang Min' }, role: 'manager' },
  rights: ['sell', 'discount', 'override-price', 'close-shift', 'cash-move'],
  till: { id: 'till-1', name: { zh: '1 号台', en: 'Till 1' }, number: '01', nextSequence: 128 },
  shop: {
    id: 'demo',
    name: { zh: '南门便利店', en: 'South Gate Store' },
    address: { zh: '沙箱路 1 号', en: '1 Sandbox Road' },
    phone: '000-00000000',
  },
  terminalId: '00000001',
  wallets: ['wechat', 'alipay', 'unionpay'],
  settings: {
    currency: 'CNY',
    cashRounding: { unitMinor: '10', rounding: 'half-even' },
    denominationsMinor: ['10000', '5000', '2000', '1000', '500', '100', '50', '10'],
    segments: [
      { id: 'student', name: { zh: '学生', en: 'Student' } },
      { id: 'young', name: { zh: '青年', en: 'Young' } },
      { id: 'family', name: { zh: '家庭', en: 'Family' } },
      { id: 'senior', name: { zh: '长者', en: 'Senior' } },
    ],
    receiptColumns: 48,
    sandbox: true,
  },
};

const wrongPin: Bilingual = { zh: '工号或密码不对，请再试。', en: 'Wrong staff number or PIN. Try again.' };
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const answer = <Value>(value: Value): Reply<Value> => ({ kind: 'answer', value });

const demoShop = (mood: () => DemoMood): ShopPort => {
  const reach = async <Value>(make: () => Reply<Value>): Promise<Reply<Value>> => {
    await pause(30);
    return mood().offline ? { kind: 'unreachable' } : make();
  };
  return {
    tills: () => reach(() => answer([session.till, { id: 'till-2', name: { zh: '2 号台', en: 'Till 2' } }])),
    signIn: ({ staffNumber, pin }) =>
      reach(() =>
        staffNumber === '1001' && pin === '1234'
          ? answer(session)
          : { kind: 'refused', status: 401, code: 'pin-wrong', message: wrongPin },
      ),
    signOut: () => reach(() => answer({})),
    session: () => reach(() => answer(session)),
    currentShift: () => reach(() => answer(null)),
    catalogue: (version) => reach(() => answer(version === demoCatalogue.version ? undefined : demoCatalogue)),
    openShift: () => reach(() => answer({})),
    closeShift: () => reach((): Reply<ZReport> => ({ kind: 'unreachable' })),
    uploadSale: (sale) => reach(() => answer({ status: 'accepted', saleId: sale.id, receiptNo: sale.receiptNo })),
  };
};

const ends: Record<DemoCard, Partial<SaleStatusView> & Pick<SaleStatusView, 'state'>> = {
  approve: { state: 'approved', code: '00', authCode: 'A73620', rrn: '112217320001' },
  decline: { state: 'declined', code: '51', text: { zh: '余额不足', en: 'Insufficient funds' } },
  unknown: { state: 'unknown' },
  wait: { state: 'waiting-card' },
  reverse: { state: 'reversed' },
};

const demoTerminal = (mood: () => DemoMood): TerminalPort => {
  const begun = new Map<string, { at: number; amountMinor: string }>();
  const statusOf = (requestId: string): SaleStatusView => {
    const { at, amountMinor } = begun.get(requestId) ?? { at: Date.now(), amountMinor: '0' };
    const passedMs = Date.now() - at;
    const base = { requestId, amountMinor, at, stan: '000042', batch: '000001' };
    if (passedMs < 1200 || mood().card === 'wait') return { ...base, state: 'waiting-card' };
    if (passedMs < 2600) return { ...base, state: 'processing' };
    return { ...base, maskedPan: '622500******0016', entryMode: 'insert', ...ends[mood().card] };
  };
  return {
    startSale: async (_, { requestId, amountMinor }) => {
      await pause(80);
      if (!begun.has(requestId)) begun.set(requestId, { at: Date.now(), amountMinor });
      return answer(statusOf(requestId));
    },
    saleStatus: async (_, requestId, { knownState, waitMs }) => {
      const until = Date.now() + waitMs;
      while (Date.now() < until && statusOf(requestId).state === knownState) await pause(100);
      return answer(statusOf(requestId));
    },
    cancelSale: async (_, requestId) => answer({ ...statusOf(requestId), state: 'cancelled' }),
  };
};

/** A whole shop inside the page: goods, a server that can be cut off, a terminal and a phone that end as told. */
export const demoPorts = (
  browser: Omit<TillPorts, 'shop' | 'terminal' | 'wallets'>,
  mood: () => DemoMood,
): TillPorts => ({
  ...browser,
  shop: demoShop(mood),
  terminal: demoTerminal(mood),
  wallets: demoWallets(mood),
});
