import { useEffect, useState } from 'react';
import { hearDisplay } from './display-channel.ts';
import type { DisplaySnapshot } from './display-snapshot.ts';

/** What the till of this browser says; undefined while there is none. */
export const useSnapshot = (channel: string): DisplaySnapshot | undefined => {
  const [snapshot, setSnapshot] = useState<DisplaySnapshot>();
  // The only source of what is shown is another window.
  useEffect(() => hearDisplay(channel, setSnapshot), [channel]);
  return snapshot;
};
