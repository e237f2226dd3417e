import type { SandboxCardView, SandboxFault } from '@zhanggui/api/contract';
import type { Choice, TerminalView } from '@zhanggui/terminal';
import { epochMs } from '@zhanggui/time';
import { demoSlip } from './demo-slip.ts';

const now = epochMs(1_795_312_345_000);
const later = (ms: number) => epochMs(now + ms);

const base: TerminalView = {
  terminalId: '00000001',
  merchantName: { zh: '掌柜便利店', en: 'Zhanggui Corner Shop' },
  operator: '01',
  screen: 'idle',
  message: { zh: '欢迎光临', en: 'Welcome' },
  detail: { zh: '输入金额开始收款', en: 'Enter an amount to take a payment' },
  tone: 'neutral',
  currency: 'CNY',
  now,
  online: 'signed-in',
  reversalPending: 0,
  cardInSlot: false,
  paper: [],
  sandbox: true,
};

const sale = { ...base, title: { zh: '消费', en: 'Sale' }, amount: '68.50', detail: undefined } as const;

const qr = { ...sale, title: { zh: '扫码支付', en: 'QR payment' } } as const;

const choices: readonly Choice[] = [
  { item: 'sale', label: { zh: '消费', en: 'Sale' } },
  { item: 'void', label: { zh: '消费撤销', en: 'Void' } },
  { item: 'balance', label: { zh: '余额查询', en: 'Balance' } },
  { item: 'reprint', label: { zh: '重打印上一笔', en: 'Print last slip again' } },
  { item: 'sign-in', label: { zh: '签到', en: 'Sign in' } },
  { item: 'echo', label: { zh: '线路测试', en: 'Line test' } },
  { item: 'operator', label: { zh: '操作员登录', en: 'Operator' } },
  { item: 'qr', label: { zh: '扫码支付', en: 'QR payment' } },
];

/** One view per screen, for screenshots and for looking at the face without a terminal. */
export const demoViews = {
  idle: base,
  connecting: {
    ...base,
    online: 'connecting',
    reversalPending: 1,
    detail: { zh: '正在连接收单机构', en: 'Connecting to the acquirer' },
  },
  amount: {
    ...sale,
    screen: 'amount',
    message: { zh: '请输入金额', en: 'Enter the amount' },
    deadline: later(52_000),
  },
  'present-card': {
    ...sale,
    screen: 'present-card',
    message: { zh: '请插卡、刷卡或扫付款码', en: 'Insert, swipe, or scan a payment code' },
    other: { item: 'show-code', label: { zh: '出示收款码', en: 'Show our code' } },
    deadline: later(47_000),
  },
  'show-code': {
    ...qr,
    screen: 'show-code',
    message: { zh: '请用微信支付扫码', en: 'Scan with WeChat Pay' },
    qr: 'weixin://wxpay/bizpayurl?pr=sandbox-0001',
    deadline: later(290_000),
  },
  'await-payer': {
    ...qr,
    screen: 'await-payer',
    message: { zh: '等待顾客在手机上确认', en: 'Waiting for the customer’s phone' },
    detail: { zh: '微信支付', en: 'WeChat Pay' },
    tone: 'busy',
  },
  'enter-pin': {
    ...sale,
    screen: 'enter-pin',
    message: { zh: '请输入密码', en: 'Enter your PIN' },
    detail: { zh: '无密码请直接按确认', en: 'No PIN? Press confirm' },
    pinDigits: 4,
    cardInSlot: true,
    deadline: later(31_000),
  },
  processing: {
    ...sale,
    screen: 'processing',
    message: { zh: '交易处理中，请勿拔卡', en: 'Processing. Leave the card in' },
    tone: 'busy',
    cardInSlot: true,
  },
  approved: {
    ...sale,
    screen: 'result',
    message: { zh: '交易成功', en: 'Approved' },
    detail: { zh: '请取走卡片', en: 'Remove the card' },
    tone: 'approved',
    cardInSlot: true,
    deadline: later(8000),
    paper: [demoSlip, demoSlip],
  },
  declined: {
    ...sale,
    screen: 'result',
    message: { zh: '余额不足 (51)', en: 'Insufficient funds (51)' },
    detail: { zh: '未扣款', en: 'Not charged' },
    tone: 'declined',
    deadline: later(6000),
  },
  unknown: {
    ...sale,
    amount: '1234567.89',
    screen: 'result',
    message: { zh: '结果未知', en: 'Result unknown' },
    detail: { zh: '请勿重复收款，正在冲正', en: 'Do not charge again. A reversal is under way' },
    tone: 'unknown',
    reversalPending: 1,
    deadline: later(6000),
  },
  'remove-card': {
    ...sale,
    screen: 'remove-card',
    message: { zh: '请取走卡片', en: 'Remove the card' },
    detail: { zh: '交易成功', en: 'Approved' },
    tone: 'approved',
    cardInSlot: true,
  },
  menu: {
    ...base,
    screen: 'menu',
    message: { zh: '功能菜单', en: 'Menu' },
    choices,
    selected: 0,
    deadline: later(58_000),
  },
  voucher: {
    ...base,
    screen: 'void-voucher',
    title: { zh: '消费撤销', en: 'Void' },
    message: { zh: '请输入原凭证号', en: 'Original voucher number' },
    detail: undefined,
    entry: { text: '000012', masked: false },
    deadline: later(40_000),
  },
} as const satisfies Record<string, TerminalView>;

export type DemoScene = keyof typeof demoViews;

export const demoCards: readonly SandboxCardView[] = [
  {
    id: 'debit',
    title: { zh: '工资卡', en: 'Everyday debit' },
    kind: 'debit',
    maskedPan: '622500*********0014',
    expiry: '2912',
    chip: true,
    pin: '123456',
    availableMinor: '500000',
  },
  {
    id: 'credit',
    title: { zh: '信用卡', en: 'Credit' },
    kind: 'credit',
    maskedPan: '625800******0027',
    expiry: '3006',
    chip: true,
    pin: '123456',
    availableMinor: '2000000',
  },
  {
    id: 'poor',
    title: { zh: '余额很少', en: 'Low balance' },
    kind: 'debit',
    maskedPan: '622500*********0030',
    expiry: '2912',
    chip: true,
    pin: '123456',
    availableMinor: '150',
  },
  {
    id: 'stripe',
    title: { zh: '老磁条卡', en: 'Old stripe card' },
    kind: 'debit',
    maskedPan: '622500*********0048',
    expiry: '2703',
    chip: false,
    pin: '123456',
    availableMinor: '88000',
  },
  {
    id: 'expired',
    title: { zh: '已过期', en: 'Expired' },
    kind: 'credit',
    maskedPan: '625800******0055',
    expiry: '2401',
    chip: true,
    pin: '123456',
  },
];

export const demoFaults: readonly SandboxFault[] = [
  { id: 'drop-answers', title: { zh: '丢掉收单机构的应答', en: 'Lose the answers of the acquirer' }, active: false },
  { id: 'slow-line', title: { zh: '线路变慢', en: 'Slow line' }, active: true },
];
