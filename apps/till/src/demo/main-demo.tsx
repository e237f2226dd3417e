import '@zhanggui/ui/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from '../app.tsx';
import { listenToKeys } from '../keys/key-listener.ts';
import { listenToWedge } from '../scan/scan-listener.ts';
import { openJournal } from '../store/journal.ts';
import { createTill } from '../till.ts';
import { browserPorts } from '../wire.ts';
import { type DemoCard, type DemoMood, demoPorts } from './wire-demo.ts';

const cards: readonly DemoCard[] = ['approve', 'decline', 'unknown', 'wait', 'reverse'];

/** Read anew at every call, so that changing the address changes the weather: `#offline&card=decline`. */
const mood = (): DemoMood => {
  const wish = new URLSearchParams(location.hash.slice(1));
  return { offline: wish.has('offline'), card: cards.find((card) => card === wish.get('card')) ?? 'approve' };
};

const root = document.getElementById('root');
if (!root) throw new RangeError('demo.html has a root');
const till = createTill(demoPorts(browserPorts(), mood), openJournal('zhanggui-till-demo'));
listenToWedge({ scan: (text) => void till.scan(text), typed: (text) => till.typed(text) });
listenToKeys((command) => till.press(command));
window.addEventListener('hashchange', () => till.kick());
createRoot(root).render(<App till={till} />);
void till.start();
