import '@zhanggui/ui/styles.css';
import { FaceProvider } from '@zhanggui/ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { WireContext } from './face-context.ts';
import { TerminalPage } from './page/terminal-page.tsx';
import type { TerminalWire } from './ports.ts';
import { openWire } from './wire.ts';

const terminalDefault = '00000001';

const wireOf = async (query: URLSearchParams): Promise<TerminalWire> => {
  const scene = query.get('demo');
  if (scene !== null) return (await import('./wire-demo.ts')).openDemoWire(scene);
  return openWire(query.get('id') ?? terminalDefault);
};

const root = document.querySelector('#root');
if (root) {
  const wire = await wireOf(new URLSearchParams(location.search));
  createRoot(root).render(
    <StrictMode>
      <FaceProvider face="terminal">
        <WireContext value={wire}>
          <TerminalPage />
        </WireContext>
      </FaceProvider>
    </StrictMode>,
  );
}
