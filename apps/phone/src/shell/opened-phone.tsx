import type { PhoneView } from '@zhanggui/api/contract';
import { Status } from '@zhanggui/ui';
import { type ReactNode, useReducer } from 'react';
import { BillScreen } from '../bills/bill-screen.tsx';
import { BillsScreen } from '../bills/bills-screen.tsx';
import { CardsScreen } from '../cards/cards-screen.tsx';
import { CodeScreen } from '../code/code-screen.tsx';
import { HomeScreen } from '../home/home-screen.tsx';
import { PaySheet } from '../pay/pay-sheet.tsx';
import { PhoneContext } from '../phone-context.ts';
import type { Place } from '../place.ts';
import { usePlace } from '../place-effect.ts';
import type { LineState } from '../ports.ts';
import { ResultScreen } from '../result/result-screen.tsx';
import { ScanScreen } from '../scan/scan-screen.tsx';
import { afterEvent, freshSession } from '../session.ts';
import { useT } from '../texts.ts';
import { useArrivals } from './arrivals-effect.ts';
import { Banners } from './banners.tsx';
import classes from './opened-phone.module.css';

export type OpenedPhoneProps = {
  readonly view: PhoneView;
  readonly line: LineState;
  readonly aheadMs: number;
  readonly tools: ReactNode;
};

/** One screen at a time; over it the order in hand, the ending, and what came in. */
export const OpenedPhone = ({ view, line, aheadMs, tools }: OpenedPhoneProps) => {
  const t = useT();
  const place = usePlace();
  const [session, tell] = useReducer(afterEvent, freshSession);
  useArrivals(view, place.screen === 'code', tell);
  return (
    <PhoneContext value={{ view, aheadMs, session, tell }}>
      {line === 'lost' && (
        <div className={classes.lost}>
          <Status role="offline" label={t('line.lost')} look="plain" testId="line-lost" />
        </div>
      )}
      <Screen place={place} tools={tools} />
      <PaySheet />
      {session.outcome && <ResultScreen outcome={session.outcome} />}
      <Banners />
    </PhoneContext>
  );
};

const Screen = ({ place, tools }: { place: Place; tools: ReactNode }) => {
  switch (place.screen) {
    case 'home':
      return <HomeScreen tools={tools} />;
    case 'code':
      return <CodeScreen />;
    case 'scan':
      return <ScanScreen />;
    case 'cards':
      return <CardsScreen />;
    case 'bills':
      return <BillsScreen areNotices={place.notices} />;
    case 'bill':
      return <BillScreen id={place.id} />;
  }
};
