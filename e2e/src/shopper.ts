import { setTimeout as delay } from 'node:timers/promises';

/** What the till learns of a sale request. */
export type Outcome = { state: string; code?: string | undefined; rrn?: string | undefined };

type View = { screen: string; cardInSlot: boolean; online: string };
type Command =
  | { kind: 'key'; key: string }
  | { kind: 'insert' | 'swipe'; cardId: string }
  | { kind: 'remove-card' | 'tear-paper' };

/** A cashier's session with a till, by the API alone. */
export const signInTill = async (url: string, tillId: string): Promise<Till> => {
  const response = await fetch(`${url}/api/till/sign-in`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ tillId, staffNumber: '1001', pin: '1234' }),
  });
  if (!response.ok) throw new Error(`sign-in answered ${response.status}: ${await response.text()}`);
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const { terminalId } = (await response.json()) as { terminalId: string };
  const sales = `${url}/api/terminals/${terminalId}/sales`;
  const read = async (answer: Response): Promise<Outcome> => {
    if (!answer.ok) throw new Error(`the terminal's api answered ${answer.status}`);
    return ((await answer.json()) as { sale: Outcome }).sale;
  };
  return {
    terminalId,
    startSale: async (requestId, amountMinor) =>
      read(
        await fetch(sales, {
          method: 'POST',
          headers: { cookie, 'content-type': 'application/json' },
          body: JSON.stringify({ requestId, amountMinor }),
        }),
      ),
    status: async (requestId) => read(await fetch(`${sales}/${requestId}`, { headers: { cookie } })),
  };
};

export type Till = Readonly<{
  terminalId: string;
  startSale(requestId: string, amountMinor: string): Promise<Outcome>;
  status(requestId: string): Promise<Outcome>;
}>;

const isOpen = (state: string): boolean => ['waiting-card', 'processing', 'unknown'].includes(state);

/** The outcome once nothing more will happen to the sale. */
export const settled = async (till: Till, requestId: string, withinMs = 30_000): Promise<Outcome> => {
  const endsAt = Date.now() + withinMs;
  for (;;) {
    const outcome = await till.status(requestId);
    if (!isOpen(outcome.state)) return outcome;
    if (Date.now() > endsAt) throw new Error(`still ${outcome.state} after ${withinMs} ms`);
    await delay(20);
  }
};

/** A cardholder who does what the terminal asks: inserts the card, enters the PIN, takes the card. */
export const holdCard = (url: string, terminalId: string, cardId: string, pin: string): { leave: () => void } => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/terminals/${terminalId}/face`);
  let answered = '';
  const send = (command: Command): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
  };
  const obey = (view: View): void => {
    const question = `${view.screen} ${view.cardInSlot}`;
    if (question === answered) return;
    answered = question;
    if (view.screen === 'present-card' && !view.cardInSlot) send({ kind: 'insert', cardId });
    if (view.screen === 'enter-pin') for (const key of [...pin.split(''), 'confirm']) send({ kind: 'key', key });
    if (['result', 'remove-card', 'idle'].includes(view.screen) && view.cardInSlot) send({ kind: 'remove-card' });
  };
  socket.addEventListener('message', ({ data }) => {
    const { view } = JSON.parse(String(data)) as { view?: View };
    if (view) obey(view);
  });
  socket.addEventListener('error', () => undefined);
  return { leave: () => socket.close() };
};
