import { SandboxStripe } from '@zhanggui/ui';
import { type ReactNode, useState } from 'react';
import { useTill, useTillState } from '../till-context.ts';
import { useT } from '../use-t.ts';
import { Action } from './action.tsx';
import { keepLayout, keptLayout, type Layout } from './layout.ts';
import classes from './sell-frame.module.css';
import { StatusBar } from './status-bar.tsx';

const wholeScreen = new Set(['close-shift', 'z-report']);

type Regions = {
  readonly panel: ReactNode;
  readonly lines: ReactNode;
  readonly notice: ReactNode;
  readonly foot: ReactNode;
};

/** Status bar, the big region, the basket, and the foot in the bottom right corner, whatever the layout. */
export const SellFrame = ({ panel, lines, notice, foot }: Regions) => {
  const t = useT();
  const [layout, setLayout] = useState<Layout>(keptLayout);
  const till = useTill();
  const showsBasket = useTillState((state) => state.showsBasket);
  const isWhole = useTillState((state) => wholeScreen.has(state.panel));
  const isGoods = useTillState((state) => state.panel === 'goods');
  const sandbox = useTillState((state) => state.session?.settings.sandbox ?? false);
  const choose = (next: Layout) => {
    keepLayout(next);
    setLayout(next);
  };
  return (
    <div className={classes.frame} data-testid="till">
      {sandbox && <SandboxStripe />}
      <StatusBar layout={layout} onLayout={choose} />
      <div
        className={classes.body}
        data-layout={isGoods ? layout : 'touch'}
        data-whole={isWhole || undefined}
        data-basket={(showsBasket && isGoods) || undefined}
      >
        <main className={classes.panel}>{panel}</main>
        {!isWhole && (
          <>
            <div className={classes.lines}>{lines}</div>
            <div className={classes.foot}>
              {!(showsBasket && isGoods) && <div className={classes.notice}>{notice}</div>}
              {isGoods && (
                <div className={classes.swap}>
                  <Action look="quiet" wide icon={showsBasket ? 'down' : 'receipt'} testId="swap" onPress={till.swap}>
                    {showsBasket ? t('basket.hide') : t('basket.show')}
                  </Action>
                </div>
              )}
              {foot}
            </div>
          </>
        )}
      </div>
    </div>
  );
};
