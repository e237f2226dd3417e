import {
  type FaceCommand,
  faceMessage,
  phoneCodeAnswer,
  phoneViewAnswer,
  type SandboxCardView,
  type SandboxFault,
  sandboxCardsAnswer,
  sandboxFaultsAnswer,
  type Wallet,
} from '@zhanggui/api/contract';
import type { FaceState, TerminalWire } from './ports.ts';

const retryMs = 1000;

/** The real wire: one WebSocket that brings whole views, so that a lost line heals by opening another. */
export const openWire = (terminalId: string): TerminalWire => {
  const listeners = new Set<() => void>();
  let state: FaceState = { line: 'connecting' };
  let socket: WebSocket | undefined;

  const become = (next: FaceState): void => {
    state = next;
    for (const listener of listeners) listener();
  };
  const open = (): void => {
    const address = new URL(`/api/terminals/${terminalId}/face`, location.href);
    address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const opened = new WebSocket(address);
    socket = opened;
    opened.addEventListener('message', ({ data }) => become(afterMessage(state, String(data))));
    opened.addEventListener('close', () => {
      become({ ...state, line: 'lost' });
      setTimeout(open, retryMs);
    });
  };
  open();

  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    state: () => state,
    send: (command: FaceCommand) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(command));
    },
    cards: fetchCards,
    faults: fetchFaults,
    setFault: postFault,
    wallets: fetchWallets,
    paymentCode,
  };
};

const afterMessage = (state: FaceState, text: string): FaceState => {
  const message = faceMessage.safeParse(JSON.parse(text));
  if (!message.success) return state;
  if ('error' in message.data) return { ...state, line: 'open', refusal: message.data.error.message };
  return { line: 'open', view: message.data.view };
};

const json = async (path: string, init?: RequestInit): Promise<unknown> => {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
};

const fetchCards = async (): Promise<readonly SandboxCardView[]> =>
  sandboxCardsAnswer.parse(await json('/api/sandbox/cards')).cards;

const fetchFaults = async (): Promise<readonly SandboxFault[]> =>
  sandboxFaultsAnswer.parse(await json('/api/sandbox/faults')).faults;

const post = (path: string, body: unknown): Promise<unknown> =>
  json(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const postFault = async (fault: { id: string; active: boolean }): Promise<readonly SandboxFault[]> =>
  sandboxFaultsAnswer.parse(await post('/api/sandbox/faults', fault)).faults;

const fetchWallets = async (): Promise<readonly Wallet[]> =>
  phoneViewAnswer.parse(await json('/api/sandbox/phone')).view.wallets.map(({ wallet }) => wallet);

const paymentCode = async (wallet: Wallet): Promise<string> =>
  phoneCodeAnswer.parse(await post('/api/sandbox/phone/code', { wallet })).code;
