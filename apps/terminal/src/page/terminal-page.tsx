import { Drawer } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { FaultsDrawer, LanguageSwitch, Seal, useUiT } from '@zhanggui/ui';
import { useState } from 'react';
import { Device } from '../device/device.tsx';
import { Printer } from '../device/printer.tsx';
import { useFaceState, useWire } from '../face-context.ts';
import { useT } from '../texts.ts';
import { CardTray } from '../tray/card-tray.tsx';
import { LinePlaceholder } from './line-placeholder.tsx';
import classes from './terminal-page.module.css';

/** From here on there is room for cards and paper beside the device; the style sheets turn at the same width. */
const wide = '(min-width: 1001px)';

/** Wide: cards on the left, the device in the middle, its paper on the right. Narrow: the device is the page. */
export const TerminalPage = () => {
  const t = useT();
  const wire = useWire();
  const { view, line } = useFaceState();
  const isWide = useMediaQuery(wide, true, { getInitialValueInEffect: false });
  const [isTrayOpen, setTrayOpen] = useState(false);
  const [isPaperShown, setPaperShown] = useState(false);
  const [areFaultsOpen, setFaultsOpen] = useState(false);
  if (!view) return <LinePlaceholder line={line} />;
  return (
    <div className={classes.page} data-testid="terminal-page">
      <PageBar terminalId={view.terminalId} onFaults={() => setFaultsOpen(true)} />
      <main className={classes.counter}>
        {isWide && (
          <aside className={classes.tray}>
            <CardTray view={view} />
          </aside>
        )}
        <div className={classes.middle}>
          <Device
            view={view}
            line={line}
            isPaperShown={isPaperShown && !isWide}
            onPaper={setPaperShown}
            onTray={() => setTrayOpen(true)}
            onFaults={() => setFaultsOpen(true)}
          />
        </div>
        {isWide && (
          <aside className={classes.paper}>
            <Printer paper={view.paper} />
          </aside>
        )}
      </main>
      <TrayDrawer isOpen={isTrayOpen && !isWide} onClose={() => setTrayOpen(false)}>
        <CardTray view={view} onActed={() => setTrayOpen(false)} />
      </TrayDrawer>
      <FaultsDrawer isOpen={areFaultsOpen} onClose={() => setFaultsOpen(false)} source={wire} lead={t('faults.lead')} />
    </div>
  );
};

type PageBarProps = { terminalId: string; onFaults: () => void };

const PageBar = ({ terminalId, onFaults }: PageBarProps) => {
  const t = useT();
  return (
    <header className={classes.bar}>
      <Seal />
      <h1 className={classes.title}>{t('page.title', { id: terminalId })}</h1>
      <button type="button" className={`zg-press ${classes.break}`} data-testid="break-things" onClick={onFaults}>
        {t('page.break')}
      </button>
      <LanguageSwitch />
    </header>
  );
};

type TrayDrawerProps = { isOpen: boolean; onClose: () => void; children: React.ReactNode };

const TrayDrawer = ({ isOpen, onClose, children }: TrayDrawerProps) => {
  const t = useT();
  const ui = useUiT();
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="bottom"
      size="88%"
      title={<span className={classes.drawerTitle}>{t('page.cards')}</span>}
      closeButtonProps={{ 'aria-label': ui('ask.keep') }}
    >
      <div className={classes.drawerBody}>{children}</div>
    </Drawer>
  );
};
