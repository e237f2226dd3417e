import { useMediaQuery } from '@mantine/hooks';
import { FaultsDrawer, SandboxStripe, Seal, StatusPanel } from '@zhanggui/ui';
import { useState } from 'react';
import { usePhoneState, useWire } from '../phone-context.ts';
import type { LineState } from '../ports.ts';
import { useT } from '../texts.ts';
import { OpenedPhone } from './opened-phone.tsx';
import classes from './phone-page.module.css';
import { Tools } from './tools.tsx';

/** From here on the phone is drawn as a thing on a table; below, this device is the phone. The style sheet turns at the same width. */
const wide = '(min-width: 701px)';

export const PhonePage = () => {
  const t = useT();
  const wire = useWire();
  const { view, line, aheadMs } = usePhoneState();
  const isWide = useMediaQuery(wide, true, { getInitialValueInEffect: false });
  const [areFaultsOpen, setFaultsOpen] = useState(false);
  const tools = <Tools hasRoom={isWide} onFaults={() => setFaultsOpen(true)} />;
  return (
    <div className={classes.page} data-testid="phone-page">
      {isWide && <PageBar>{tools}</PageBar>}
      <main className={classes.table}>
        <div className={classes.phone} data-testid="phone" data-line={line}>
          <SandboxStripe />
          {view ? (
            <OpenedPhone view={view} line={line} aheadMs={aheadMs} tools={isWide ? undefined : tools} />
          ) : (
            <LinePlaceholder line={line} />
          )}
          <div id="phone-sheets" />
        </div>
      </main>
      <FaultsDrawer isOpen={areFaultsOpen} onClose={() => setFaultsOpen(false)} source={wire} lead={t('faults.lead')} />
    </div>
  );
};

const PageBar = ({ children }: { children: React.ReactNode }) => {
  const t = useT();
  return (
    <header className={classes.bar}>
      <Seal />
      <h1 className={classes.title}>{t('page.title')}</h1>
      <p className={classes.lead}>{t('page.lead')}</p>
      {children}
    </header>
  );
};

/** Before the first view there is nothing true to draw but the state of the line. */
const LinePlaceholder = ({ line }: { line: LineState }) => {
  const t = useT();
  return (
    <div className={classes.placeholder}>
      {line === 'lost' ? (
        <StatusPanel role="offline" title={t('line.lost')} testId="line-lost" />
      ) : (
        <StatusPanel role="busy" title={t('line.connecting')} testId="line-connecting" />
      )}
    </div>
  );
};
