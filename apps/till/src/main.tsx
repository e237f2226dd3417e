import '@zhanggui/ui/styles.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { listenToKeys } from './keys/key-listener.ts';
import { listenToWedge } from './scan/scan-listener.ts';
import { openJournal } from './store/journal.ts';
import { createTill } from './till.ts';
import { httpPorts } from './wire.ts';

const root = document.getElementById('root');
if (!root) throw new RangeError('index.html has a root');

const till = createTill(httpPorts(), openJournal());
listenToWedge({ scan: (text) => void till.scan(text), typed: (text) => till.typed(text) });
listenToKeys((command) => till.press(command));
window.addEventListener('online', () => till.kick());
// Best-effort data may be evicted under pressure; a till's sales may not.
void navigator.storage?.persist?.();
createRoot(root).render(<App till={till} />);
void till.start();
