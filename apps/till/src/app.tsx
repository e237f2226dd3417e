import { FaceProvider } from '@zhanggui/ui';
import type { ReactNode } from 'react';
import { ParkedPanel } from './parked/parked-panel.tsx';
import { BasketFoot } from './sell/basket-foot.tsx';
import { BasketLines } from './sell/basket-lines.tsx';
import { GoodsPanel } from './sell/goods-panel.tsx';
import { LinePanel } from './sell/line-panel.tsx';
import { NoticeBar } from './sell/notice-bar.tsx';
import { SignInScreen } from './session/sign-in-screen.tsx';
import { SellFrame } from './shell/sell-frame.tsx';
import { Region, StartingScreen, StorageFailedScreen } from './shell/trouble.tsx';
import { CloseShiftPanel } from './shift/close-shift-panel.tsx';
import { OpenShiftScreen } from './shift/open-shift-screen.tsx';
import { ZReportPanel } from './shift/z-report-panel.tsx';
import { DonePanel } from './tender/done-panel.tsx';
import { TenderPanel } from './tender/tender-panel.tsx';
import type { Till } from './till.ts';
import { TillProvider, useTillState } from './till-context.ts';
import type { Panel } from './till-state.ts';
import { UploadsPanel } from './upload/uploads-panel.tsx';

const panels: Record<Panel, () => ReactNode> = {
  goods: GoodsPanel,
  line: LinePanel,
  tender: TenderPanel,
  done: DonePanel,
  parked: ParkedPanel,
  uploads: UploadsPanel,
  'close-shift': CloseShiftPanel,
  'z-report': ZReportPanel,
};

const Selling = () => {
  const panel = useTillState((state) => state.panel);
  const Shown = panels[panel];
  return (
    <SellFrame
      panel={
        <Region key={panel}>
          <Shown />
        </Region>
      }
      lines={
        <Region>
          <BasketLines />
        </Region>
      }
      notice={<NoticeBar />}
      foot={
        <Region>
          <BasketFoot />
        </Region>
      }
    />
  );
};

const Screen = () => {
  const phase = useTillState((state) => state.phase);
  switch (phase) {
    case 'starting':
      return <StartingScreen />;
    case 'storage-failed':
      return <StorageFailedScreen />;
    case 'signed-out':
      return <SignInScreen />;
    case 'no-shift':
      return <OpenShiftScreen />;
    case 'selling':
      return <Selling />;
  }
};

/** The face over a till. The till itself runs without it. */
export const App = ({ till }: { till: Till }) => (
  <TillProvider value={till}>
    <FaceProvider face="till">
      <Screen />
    </FaceProvider>
  </TillProvider>
);
