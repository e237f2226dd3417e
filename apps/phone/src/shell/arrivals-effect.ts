import type { PhoneView } from '@zhanggui/api/contract';
import { useEffect, useEffectEvent } from 'react';
import type { SessionEvent } from '../session.ts';

/** Each new view is compared with what this phone has seen; what was on the screen at that moment decides where the news goes. */
export const useArrivals = (view: PhoneView, isCodeShown: boolean, tell: (event: SessionEvent) => void): void => {
  const arrive = useEffectEvent((arrived: PhoneView) => tell({ kind: 'view', view: arrived, isCodeShown }));
  // Views come from a channel outside React.
  useEffect(() => arrive(view), [view]);
};
