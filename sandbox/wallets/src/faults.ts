type Title = Readonly<{ zh: string; en: string }>;
/** `once` faults are met by the next fitting request, and are over; the others last until they are switched off. */
const walletFaults = [
  { id: 'delay', once: false, title: { zh: '应答慢三秒', en: 'Answers take three seconds' } },
  { id: 'request-lost', once: true, title: { zh: '丢失下一个请求', en: 'Lose the next request' } },
  { id: 'answer-lost', once: true, title: { zh: '丢失下一个应答', en: 'Lose the next answer' } },
  {
    id: 'answer-signature',
    once: true,
    title: { zh: '下一个应答的签名出错', en: 'Wrong signature on the next answer' },
  },
  {
    id: 'answer-signtest',
    once: true,
    title: { zh: '下一个应答是签名探测', en: 'The next answer is a signature probe' },
  },
  {
    id: 'certificate-rotation',
    once: false,
    title: { zh: '平台证书更换中', en: 'Platform certificates are being replaced' },
  },
  { id: 'system-error', once: true, title: { zh: '下一次支付系统错误', en: 'System error on the next payment' } },
  { id: 'bank-error', once: true, title: { zh: '下一次支付银行系统异常', en: 'Bank error on the next payment' } },
  {
    id: 'system-error-after',
    once: true,
    title: { zh: '下一次支付完成后报系统错误', en: 'The next payment is done, and answered with a system error' },
  },
  { id: 'payer-frozen', once: false, title: { zh: '付款账户异常', en: 'The payer’s account is frozen' } },
  { id: 'merchant-restricted', once: false, title: { zh: '商户收款受限', en: 'The merchant may take no money' } },
  { id: 'rate-limit', once: false, title: { zh: '请求过于频繁', en: 'Every request is too frequent' } },
  {
    id: 'password-always',
    once: false,
    title: { zh: '付款码总是要求密码', en: 'Payment codes always ask for the password' },
  },
  { id: 'refund-abnormal', once: true, title: { zh: '下一笔退款异常', en: 'The next refund cannot reach the payer' } },
  { id: 'notify-never', once: false, title: { zh: '不发送通知', en: 'Notifications never come' } },
  { id: 'notify-delay', once: true, title: { zh: '下一个通知迟到', en: 'The next notification comes late' } },
  { id: 'notify-twice', once: true, title: { zh: '下一个通知重复', en: 'The next notification comes twice' } },
  {
    id: 'notify-order',
    once: true,
    title: { zh: '下两个通知颠倒次序', en: 'The next two notifications come in the wrong order' },
  },
  {
    id: 'notify-signature',
    once: true,
    title: { zh: '下一个通知的签名出错', en: 'Wrong signature on the next notification' },
  },
  {
    id: 'notify-signtest',
    once: true,
    title: { zh: '下一个通知是签名探测', en: 'The next notification is a signature probe' },
  },
  { id: 'bill-missing', once: false, title: { zh: '对账单少一行', en: 'The bill lacks a line' } },
  { id: 'bill-extra', once: false, title: { zh: '对账单多一行', en: 'The bill has a line too many' } },
  { id: 'bill-amount', once: false, title: { zh: '对账单一行金额不符', en: 'An amount on the bill is wrong' } },
  { id: 'bill-fee', once: false, title: { zh: '对账单一行手续费不符', en: 'A fee on the bill is wrong' } },
] as const satisfies readonly Readonly<{ id: string; once: boolean; title: Title }>[];

type FaultId = (typeof walletFaults)[number]['id'];

export interface Faults {
  list(): readonly Readonly<{ id: FaultId; title: Title; active: boolean }>[];
  /** False when there is no such fault. */
  set(id: string, active: boolean): boolean;
  /** Whether the fault is met now; a `once` fault is over by that. */
  take(id: FaultId): boolean;
}

export const createFaults = (): Faults => {
  const active = new Set<FaultId>();
  const find = (id: string) => walletFaults.find((fault) => fault.id === id);
  return {
    list: () => walletFaults.map(({ id, title }) => ({ id, title, active: active.has(id) })),
    set: (id, isActive) => {
      const fault = find(id);
      if (!fault) return false;
      if (isActive) active.add(fault.id);
      else active.delete(fault.id);
      return true;
    },
    take: (id) => {
      const isActive = active.has(id);
      if (isActive && find(id)?.once) active.delete(id);
      return isActive;
    },
  };
};
