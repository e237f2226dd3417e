import { setTimeout as delay } from 'node:timers/promises';

export type Wallet = 'wechat' | 'alipay' | 'unionpay';
export type QrPayment = Readonly<{ state: string; how: 'code' | 'show'; undoing: boolean; qr?: string }>;

/** A cashier's session with a till, as far as payments by phone go; by the API alone. */
export type QrTill = Readonly<{
  start(request: { requestId: string; amountMinor: string; authCode?: string; wallet?: Wallet }): Promise<QrPayment>;
  status(requestId: string): Promise<QrPayment>;
  cancel(requestId: string): Promise<QrPayment>;
}>;

const posted = (url: string, body: object, cookie = ''): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify(body) });

const answered = async <Answer>(response: Response): Promise<Answer> => {
  if (!response.ok) throw new Error(`the api answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Answer;
};

export const openQrTill = async (url: string, tillId: string): Promise<QrTill> => {
  const signedIn = await posted(`${url}/api/till/sign-in`, { tillId, staffNumber: '1001', pin: '1234' });
  if (!signedIn.ok) throw new Error(`sign-in answered ${signedIn.status}`);
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const payments = `${url}/api/till/qr-payments`;
  const read = async (response: Response) => (await answered<{ payment: QrPayment }>(response)).payment;
  return {
    start: async (request) => read(await posted(payments, request, cookie)),
    cancel: async (requestId) => read(await posted(`${payments}/${requestId}/cancel`, {}, cookie)),
    status: async (requestId) => read(await fetch(`${payments}/${requestId}`, { headers: { cookie } })),
  };
};

/** Whether the counter does not know yet. */
export const isOpen = (state: string): boolean => ['created', 'awaiting-payer', 'unknown'].includes(state);

/** The state once the counter knows: money came, or none will. */
export const endOf = async (till: QrTill, requestId: string, withinMs = 30_000): Promise<string> => {
  const endsAt = Date.now() + withinMs;
  for (;;) {
    const { state } = await till.status(requestId);
    if (!isOpen(state)) return state;
    if (Date.now() > endsAt) throw new Error(`still ${state} after ${withinMs} ms`);
    await delay(30);
  }
};

type PhoneView = Readonly<{ wallets: { balanceMinor: string }[]; prompt?: { orderId: string } }>;

/** The consumer's phone, by the API alone. */
export const openPayer = (server: string) => {
  const phone = `${server}/api/sandbox/phone`;
  const view = async () => (await answered<{ view: PhoneView }>(await fetch(phone))).view;
  const pay = async (orderId: string) => {
    await posted(`${phone}/pay`, { orderId, password: '123456', funding: 'balance' });
  };
  return {
    view,
    pay,
    code: async (wallet: Wallet) => (await answered<{ code: string }>(await posted(`${phone}/code`, { wallet }))).code,
    scanAndPay: async (qr: string) => {
      const scanned = await answered<{ orderId?: string }>(await posted(`${phone}/scan`, { text: qr }));
      if (scanned.orderId !== undefined) await pay(scanned.orderId);
    },
    fault: async (id: string, active: boolean) => {
      await answered(await posted(`${phone}/faults`, { id, active }));
    },
    balance: async () => (await view()).wallets.reduce((sum, { balanceMinor }) => sum + BigInt(balanceMinor), 0n),
  };
};
export type Payer = ReturnType<typeof openPayer>;
