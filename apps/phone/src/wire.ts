import {
  type PhoneView,
  phoneCodeAnswer,
  phoneFaultsAnswer,
  phonePayAnswer,
  phoneScanAnswer,
  phoneShownAnswer,
  phoneTopUpAnswer,
  phoneViewAnswer,
} from '@zhanggui/api/contract';
import type { PhoneState, PhoneWire } from './ports.ts';

const root = '/api/sandbox/phone';
const retryMs = 1000;

/** A contract's shape, as far as it is needed here. */
type Shape<Value> = Readonly<{ parse(json: unknown): Value }>;

const ask = async <Value>(shape: Shape<Value>, path: string, body?: unknown): Promise<Value> => {
  const init: RequestInit | undefined =
    body === undefined
      ? undefined
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${root}${path}`, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return shape.parse(await response.json());
};

/** The real wire: server-sent events bring whole views, so that a phone that was asleep is right at once. */
export const openWire = (): PhoneWire => {
  const listeners = new Set<() => void>();
  let state: PhoneState = { line: 'connecting', aheadMs: 0 };
  const become = (next: PhoneState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const take = (view: PhoneView): void => become({ line: 'open', view, aheadMs: view.now - Date.now() });
  const askView = async (path: string, body: unknown): Promise<void> =>
    take((await ask(phoneViewAnswer, path, body)).view);
  follow(take, () => become({ ...state, line: 'lost' }));

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    code: (wallet) => ask(phoneCodeAnswer, '/code', { wallet }),
    scan: (text) => ask(phoneScanAnswer, '/scan', { text }),
    shown: async () => (await ask(phoneShownAnswer, '/shown')).order,
    pay: (payment) => ask(phonePayAnswer, '/pay', payment),
    decline: (orderId) => askView('/decline', { orderId }),
    chooseFunding: (wallet, funding) => askView('/funding', { wallet, funding }),
    topUp: (order) => ask(phoneTopUpAnswer, '/top-up', order),
    setPasswordRule: (rule) => askView('/password-rule', { rule }),
    faults: async () => (await ask(phoneFaultsAnswer, '/faults')).faults,
    setFault: async (fault) => (await ask(phoneFaultsAnswer, '/faults', fault)).faults,
  };
};

/** A browser gives a stream up for good after some failures; then another is opened, and at once when the phone wakes. */
const follow = (take: (view: PhoneView) => void, lose: () => void): void => {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): void => {
    clearTimeout(timer);
    source = new EventSource(`${root}/events`);
    source.addEventListener('message', ({ data }) => {
      const message = phoneViewAnswer.safeParse(JSON.parse(String(data)));
      if (message.success) take(message.data.view);
    });
    source.addEventListener('error', () => {
      lose();
      if (source.readyState === EventSource.CLOSED) timer = setTimeout(open, retryMs);
    });
  };
  open();
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible' && source.readyState === EventSource.CLOSED) open();
  });
};
