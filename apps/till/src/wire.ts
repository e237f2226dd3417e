import {
  apiError,
  catalogueAnswer,
  closeShiftAnswer,
  currentShiftAnswer,
  empty,
  qrPaymentAnswer,
  saleStatusAnswer,
  tillSession,
  tillsAnswer,
  uploadSaleAnswer,
} from '@zhanggui/api/contract';
import { keptLocale } from '@zhanggui/ui';
import { displayChannel, displayPort } from './display/display-channel.ts';
import type { PrinterPort, Reply, ShopPort, Sound, TerminalPort, TillPorts, WalletPort } from './ports.ts';

const replyMaxMs = 10_000;

type Call = {
  readonly method?: 'GET' | 'POST';
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** How long the server may hold the answer back on purpose. */
  readonly holdMs?: number;
};

type Schema<Value> = { safeParse(input: unknown): { success: true; data: Value } | { success: false } };

const strange = { zh: '服务器的回答无法识别。', en: 'The server gave an answer this till does not understand.' };

const send = (path: string, { method = 'GET', body, headers, holdMs = 0 }: Call): Promise<Response> =>
  fetch(path, {
    method,
    credentials: 'same-origin',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(replyMaxMs + holdMs),
  });

const refusalOf = (status: number, document: unknown): Reply<never> => {
  const parsed = apiError.safeParse(document);
  // A gateway that answers for a dead server says nothing about what the server did.
  if (!parsed.success && status >= 502) return { kind: 'unreachable' };
  const { code, message } = parsed.success ? parsed.data.error : { code: `http-${status}`, message: strange };
  return { kind: 'refused', status, code, message };
};

const call = async <Value>(path: string, schema: Schema<Value>, options: Call = {}): Promise<Reply<Value>> => {
  try {
    const response = await send(path, options);
    const text = await response.text();
    const document: unknown = text === '' ? {} : JSON.parse(text);
    if (!response.ok) return refusalOf(response.status, document);
    const parsed = schema.safeParse(document);
    return parsed.success
      ? { kind: 'answer', value: parsed.data }
      : { kind: 'refused', status: 500, code: 'answer-not-understood', message: strange };
  } catch {
    return { kind: 'unreachable' };
  }
};

const map = <From, To>(reply: Reply<From>, pick: (value: From) => To): Reply<To> =>
  reply.kind === 'answer' ? { kind: 'answer', value: pick(reply.value) } : reply;

const httpShop: ShopPort = {
  tills: async () => map(await call('/api/till/tills', tillsAnswer), ({ tills }) => tills),
  signIn: (body) => call('/api/till/sign-in', tillSession, { method: 'POST', body }),
  signOut: () => call('/api/till/sign-out', empty, { method: 'POST', body: {} }),
  session: () => call('/api/till/session', tillSession),
  currentShift: async () => map(await call('/api/till/shift', currentShiftAnswer), ({ shift }) => shift),
  catalogue: async (version) => {
    const reply = await call('/api/till/catalogue', catalogueAnswer);
    return map(reply, (catalogue) => (catalogue.version === version ? undefined : catalogue));
  },
  openShift: (body) => call('/api/till/shifts', empty, { method: 'POST', body }),
  closeShift: async (shiftId, body) =>
    map(
      await call(`/api/till/shifts/${shiftId}/close`, closeShiftAnswer, { method: 'POST', body }),
      ({ report }) => report,
    ),
  uploadSale: (sale) => call('/api/till/sales', uploadSaleAnswer, { method: 'POST', body: { sale } }),
};

const salePath = (terminalId: string, requestId = ''): string =>
  `/api/terminals/${encodeURIComponent(terminalId)}/sales${requestId && `/${encodeURIComponent(requestId)}`}`;

const httpTerminal: TerminalPort = {
  startSale: async (terminalId, body) =>
    map(await call(salePath(terminalId), saleStatusAnswer, { method: 'POST', body }), ({ sale }) => sale),
  saleStatus: async (terminalId, requestId, { knownState, waitMs }) => {
    const query = new URLSearchParams({ waitMs: String(waitMs), ...(knownState && { state: knownState }) });
    const path = `${salePath(terminalId, requestId)}?${query}`;
    return map(await call(path, saleStatusAnswer, { holdMs: waitMs }), ({ sale }) => sale);
  },
  cancelSale: async (terminalId, requestId) => {
    const path = `${salePath(terminalId, requestId)}/cancel`;
    return map(await call(path, saleStatusAnswer, { method: 'POST', body: {} }), ({ sale }) => sale);
  },
};

const paymentPath = (requestId: string): string => `/api/till/qr-payments/${encodeURIComponent(requestId)}`;

const httpWallets: WalletPort = {
  startPayment: async (body) =>
    map(await call('/api/till/qr-payments', qrPaymentAnswer, { method: 'POST', body }), ({ payment }) => payment),
  payment: async (requestId, { knownState, waitMs }) => {
    const query = new URLSearchParams({ waitMs: String(waitMs), ...(knownState && { state: knownState }) });
    const path = `${paymentPath(requestId)}?${query}`;
    return map(await call(path, qrPaymentAnswer, { holdMs: waitMs }), ({ payment }) => payment);
  },
  cancelPayment: async (requestId) => {
    const path = `${paymentPath(requestId)}/cancel`;
    return map(await call(path, qrPaymentAnswer, { method: 'POST', body: {} }), ({ payment }) => payment);
  },
};

/** No printer is attached: the bytes are made and dropped, the screen shows the paper. */
const screenPrinter: PrinterPort = { state: 'screen', print: () => Promise.resolve() };

const tones: Record<Sound, { hertz: number; ms: number }> = {
  scan: { hertz: 1760, ms: 60 },
  refuse: { hertz: 220, ms: 220 },
  paid: { hertz: 1320, ms: 140 },
};

/** Short tones, so that a cashier need not look up; each has a twin on the screen. */
const tonePlayer = (): ((sound: Sound) => void) => {
  let context: AudioContext | undefined;
  return (sound) => {
    // A browser lets a page sound only after the first touch.
    if (!navigator.userActivation?.hasBeenActive) return;
    context ??= new AudioContext();
    const { hertz, ms } = tones[sound];
    const oscillator = new OscillatorNode(context, { frequency: hertz, type: 'sine' });
    const volume = new GainNode(context, { gain: 0.08 });
    oscillator.connect(volume).connect(context.destination);
    oscillator.start();
    oscillator.stop(context.currentTime + ms / 1000);
  };
};

/** What every wiring takes from the browser itself. */
export const browserPorts = (): Omit<TillPorts, 'shop' | 'terminal' | 'wallets' | 'display'> => ({
  printer: screenPrinter,
  sound: tonePlayer(),
  locale: keptLocale,
  focusSearch: () => document.querySelector<HTMLInputElement>('[data-testid=search]')?.focus(),
  now: () => Date.now(),
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
});

export const httpPorts = (): TillPorts => ({
  ...browserPorts(),
  shop: httpShop,
  terminal: httpTerminal,
  wallets: httpWallets,
  display: displayPort(displayChannel, '/till/display'),
});
