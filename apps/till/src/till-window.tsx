import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { listenToKeys } from './keys/key-listener.ts';
import type { TillPorts } from './ports.ts';
import { listenToWedge } from './scan/scan-listener.ts';
import { openJournal } from './store/journal.ts';
import { createTill, type Till } from './till.ts';

/** The till's own window: store, listeners, screens. */
export const openTill = (root: HTMLElement, ports: TillPorts, journalName?: string): Till => {
  const till = createTill(ports, openJournal(journalName));
  listenToWedge({ scan: (text) => void till.scan(text), typed: (text) => till.typed(text) });
  listenToKeys((command) => till.press(command));
  createRoot(root).render(<App till={till} />);
  void till.start();
  return till;
};
