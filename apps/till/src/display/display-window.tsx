import { FaceProvider } from '@zhanggui/ui';
import { createRoot } from 'react-dom/client';
import { displayChannel } from './display-channel.ts';
import { DisplayScreen } from './display-screen.tsx';

/** The customer's window. Its language is the customer's, and kept apart from the cashier's. */
export const openDisplay = (root: HTMLElement, channel = displayChannel): void =>
  createRoot(root).render(
    <FaceProvider face="till" localeKey="zhanggui.display.locale">
      <DisplayScreen channel={channel} />
    </FaceProvider>,
  );
