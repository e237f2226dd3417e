import type { DisplayPort } from '../ports.ts';
import type { DisplaySnapshot } from './display-snapshot.ts';

/** The channel between the till's window and the customer display's, in one browser. */
export const displayChannel = 'zhanggui-display';

type Word = Readonly<{ kind: 'hello' }> | Readonly<{ kind: 'show'; snapshot: DisplaySnapshot }>;

const post = (channel: BroadcastChannel, word: Word): void => channel.postMessage(word);

/** The till's end: keeps the last snapshot for a window that opens later. `page` is where that window lives. */
export const displayPort = (name: string, page: string): DisplayPort => {
  const channel = new BroadcastChannel(name);
  let last: DisplaySnapshot | undefined;
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.kind === 'hello' && last) post(channel, { kind: 'show', snapshot: last });
  });
  // A till that has gone shows nobody's goods.
  window.addEventListener('pagehide', () => {
    if (last) post(channel, { kind: 'show', snapshot: { ...last, scene: { kind: 'idle' } } });
  });
  return {
    open: () => void window.open(page, name, 'popup,width=1024,height=768'),
    show: (snapshot) => {
      // The shop keeps its name while nobody is signed in.
      last = { ...snapshot, shop: snapshot.shop ?? last?.shop ?? null };
      post(channel, { kind: 'show', snapshot: last });
    },
  };
};

/** The display's end: hears what is shown, from its first moment on. Returns its end. */
export const hearDisplay = (name: string, show: (snapshot: DisplaySnapshot) => void): (() => void) => {
  const channel = new BroadcastChannel(name);
  channel.addEventListener('message', ({ data }: MessageEvent<Word>) => {
    if (data.kind === 'show') show(data.snapshot);
  });
  post(channel, { kind: 'hello' });
  return () => channel.close();
};
