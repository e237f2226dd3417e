import '@zhanggui/ui/styles.css';
import { FaceProvider } from '@zhanggui/ui';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { WireContext } from './phone-context.ts';
import { PhonePage } from './shell/phone-page.tsx';
import { openWire } from './wire.ts';

const root = document.querySelector('#root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <FaceProvider face="phone">
        <WireContext value={openWire()}>
          <PhonePage />
        </WireContext>
      </FaceProvider>
    </StrictMode>,
  );
}
