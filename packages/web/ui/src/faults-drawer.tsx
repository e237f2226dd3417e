import { Drawer, Switch } from '@mantine/core';
import { useEffect, useState } from 'react';
import { usePick, useUiT } from './face.tsx';
import classes from './faults-drawer.module.css';
import { Status } from './status.tsx';
import type { LocalText } from './texts.ts';

type Fault = Readonly<{ id: string; title: LocalText; active: boolean }>;
/** Where a sandbox keeps what can go wrong in it; both answer with the whole list. */
export type FaultSource = Readonly<{
  faults(): Promise<readonly Fault[]>;
  setFault(fault: { id: string; active: boolean }): Promise<readonly Fault[]>;
}>;

export type FaultsDrawerProps = {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly source: FaultSource;
  /** What is broken here, and what to watch. */
  readonly lead: string;
};

/** Named ways to break a sandbox on purpose; each stays on until it is switched off or used up. */
export const FaultsDrawer = ({ isOpen, onClose, source, lead }: FaultsDrawerProps) => {
  const t = useUiT();
  return (
    <Drawer
      opened={isOpen}
      onClose={onClose}
      position="right"
      title={<span className={classes.title}>{t('faults.title')}</span>}
      closeButtonProps={{ 'aria-label': t('faults.close'), size: 'xl' }}
    >
      <FaultList source={source} lead={lead} />
    </Drawer>
  );
};

const FaultList = ({ source, lead }: Pick<FaultsDrawerProps, 'source' | 'lead'>) => {
  const t = useUiT();
  const pick = usePick();
  const { faults, isFailed, set } = useFaults(source);
  return (
    <div className={classes.list} data-testid="faults">
      <p className={classes.lead}>{lead}</p>
      {isFailed && <Status role="danger" label={t('faults.failed')} testId="faults-failed" />}
      {faults?.length === 0 && <p className={classes.lead}>{t('faults.none')}</p>}
      {faults?.map(({ id, title, active }) => (
        <Switch
          key={id}
          className={classes.fault}
          size="lg"
          label={pick(title)}
          labelPosition="left"
          checked={active}
          data-testid={`fault-${id}`}
          onChange={(event) => set({ id, active: event.currentTarget.checked })}
        />
      ))}
    </div>
  );
};

/** The list as the server has it; a switch shows the server's answer, never a hope. */
const useFaults = (source: FaultSource) => {
  const [faults, setFaults] = useState<readonly Fault[]>();
  const [isFailed, setFailed] = useState(false);
  const take = (answer: Promise<readonly Fault[]>): void => {
    answer.then(
      (fetched) => {
        setFaults(fetched);
        setFailed(false);
      },
      () => setFailed(true),
    );
  };
  // A request to the server when the drawer opens.
  useEffect(() => take(source.faults()), [source]);
  return { faults, isFailed, set: (fault: { id: string; active: boolean }) => take(source.setFault(fault)) };
};
